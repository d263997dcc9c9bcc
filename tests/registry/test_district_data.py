"""The bundled district: complete, loaded alike any number of times, replaceable by another folder."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.config import Settings
from portal.db import db, writing
from portal.registry.geography import DistrictDataError, current_district, load_district
from portal.registry.models import Community, Street
from tests import factories

BUNDLED = Settings().district_dir


def test_the_bundled_district_has_18_streets_and_267_communities(app_context: None) -> None:
    for _time in range(2):
        with writing() as session:
            load_district(session, BUNDLED)
    assert (factories.count(db.session, Street), factories.count(db.session, Community)) == (18, 267)
    district = current_district(db.session)
    assert district is not None and (district.code, district.name) == ("440105", "海珠区")


def test_no_two_streets_share_a_tile(app_context: None) -> None:
    with writing() as session:
        load_district(session, BUNDLED)
    tiles = db.session.execute(select(Street.tile_column, Street.tile_row)).all()
    assert len(set(tiles)) == 18


def _another(folder: Path, street_of_community: str = "110101001") -> Path:
    (folder / "district.json").write_text(
        json.dumps({"code": "110101", "name": "东城区", "city": "北京市"}), "utf-8"
    )
    (folder / "streets.csv").write_text("code,name,tile_column,tile_row\n110101001,东华门街道,1,1\n", "utf-8")
    (folder / "communities.csv").write_text(
        f"code,name,street_code\n110101001001,多福巷社区居委会,{street_of_community}\n", "utf-8"
    )
    return folder


def test_another_district_is_only_other_data(app_context: None, tmp_path: Path) -> None:
    with writing() as session:
        load_district(session, _another(tmp_path))
    assert (factories.count(db.session, Street), factories.count(db.session, Community)) == (1, 1)
    district = current_district(db.session)
    assert district is not None and district.name == "东城区"


def test_a_community_of_an_unknown_street_is_named_with_its_line(app_context: None, tmp_path: Path) -> None:
    with pytest.raises(DistrictDataError, match=r"communities\.csv, line 2"), writing() as session:
        load_district(session, _another(tmp_path, "110101999"))
    assert factories.count(db.session, Street) == 0
