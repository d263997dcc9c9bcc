from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField as _FileField
from wtforms import Form
from wtforms.fields import MultipleFileField as _MultipleFileField

class FileField(_FileField):
    data: FileStorage | None

class MultipleFileField(_MultipleFileField): ...

class FileRequired:
    def __init__(self, message: Any = None) -> None: ...
    def __call__(self, form: Form, field: Any) -> None: ...

class FileAllowed:
    def __init__(self, upload_set: Sequence[str], message: Any = None) -> None: ...
    def __call__(self, form: Form, field: Any) -> None: ...

class FileSize:
    def __init__(self, max_size: int, min_size: int = 0, message: Any = None) -> None: ...
    def __call__(self, form: Form, field: Any) -> None: ...
