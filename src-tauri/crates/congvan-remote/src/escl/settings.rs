use std::fmt::Write as _;

use super::{ScannerCapabilities, ScannerError};

/// A4 in 1/300 inch.
const A4: (u32, u32) = (2480, 3508);

/// What is to be scanned, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanSettings {
    /// From the feeder, else from the plate.
    pub feeder: bool,
    /// Both sides; the feeder only.
    pub duplex: bool,
    /// Dots an inch.
    pub resolution: u32,
}

impl ScanSettings {
    /// The order in XML: A4 in colour, as Decree 30/2020 asks of scans (Appendix I, part II), one
    /// JPEG a page where the scanner can, so that each page is safe before the next.
    pub(super) fn order(&self, can: &ScannerCapabilities) -> Result<String, ScannerError> {
        let input = if self.feeder { &can.feeder } else { &can.plate };
        let input = input.as_ref().ok_or(ScannerError::Failed {
            what: "it has no such input",
        })?;
        let known = &input.resolutions;
        if !known.is_empty() && !known.contains(&self.resolution) {
            return Err(ScannerError::Failed {
                what: "it has no such resolution",
            });
        }
        let within = |most: u32, wanted: u32| if most == 0 { wanted } else { wanted.min(most) };
        let (width, height) = (within(input.width, A4.0), within(input.height, A4.1));
        let source = if self.feeder { "Feeder" } else { "Platen" };
        let colour = if input.colour { "RGB24" } else { "Grayscale8" };
        let format = if input.jpeg {
            "image/jpeg"
        } else {
            "application/pdf"
        };
        let resolution = self.resolution;
        let mut order = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <scan:ScanSettings xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
             xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\">",
        );
        // Scanners compare the version with their own and refuse a later one.
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let version = Some(can.version.as_str()).filter(|text| digits(text) && text.len() < 8);
        let written = write!(
            order,
            "<pwg:Version>{}</pwg:Version><scan:Intent>Document</scan:Intent>\
             <pwg:ScanRegions><pwg:ScanRegion>\
             <pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>\
             <pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>\
             <pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height>\
             </pwg:ScanRegion></pwg:ScanRegions>\
             <pwg:InputSource>{source}</pwg:InputSource>\
             <pwg:DocumentFormat>{format}</pwg:DocumentFormat>\
             <scan:DocumentFormatExt>{format}</scan:DocumentFormatExt>\
             <scan:XResolution>{resolution}</scan:XResolution>\
             <scan:YResolution>{resolution}</scan:YResolution>\
             <scan:ColorMode>{colour}</scan:ColorMode>",
            version.unwrap_or("2.0")
        );
        if self.feeder {
            let _ = write!(order, "<scan:Duplex>{}</scan:Duplex>", self.duplex);
        }
        order.push_str("</scan:ScanSettings>");
        written
            .map(|()| order)
            .map_err(|_| ScannerError::Failed { what: "no memory" })
    }
}
