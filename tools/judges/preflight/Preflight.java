import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Asks Apache PDFBox whether files are valid PDF/A-1b; prints every fault, and ends with 1 if there is one. */
public class Preflight {
    public static void main(String[] files) throws Exception {
        boolean valid = true;
        for (String file : files) {
            PreflightParser parser = new PreflightParser(new File(file));
            parser.parse();
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                ValidationResult result = document.getResult();
                for (ValidationResult.ValidationError fault : result.getErrorsList()) {
                    System.out.println(file + ": " + fault.getErrorCode() + " " + fault.getDetails());
                }
                valid &= result.isValid();
            }
        }
        System.exit(valid ? 0 : 1);
    }
}
