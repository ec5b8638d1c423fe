use super::{
    ScannerError,
    xml::{self, Element},
};

/// Resolutions that are offered where a scanner names a range instead of a list.
const USUAL: [u32; 6] = [100, 150, 200, 300, 400, 600];
/// More letters are no name.
const NAME: usize = 120;

/// What a scanner can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScannerCapabilities {
    /// Make and model, without control characters; may be empty.
    pub make_and_model: String,
    /// Version of eSCL it speaks, e.g. `2.63`.
    pub version: String,
    /// The glass plate.
    pub plate: Option<ScannerInput>,
    /// The feeder.
    pub feeder: Option<ScannerInput>,
    /// The feeder scans both sides.
    pub duplex: bool,
}

/// One of the places where paper goes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScannerInput {
    /// Dots an inch, rising.
    pub resolutions: Vec<u32>,
    /// Scans in colour.
    pub colour: bool,
    /// Widest scan, 1/300 inch; 0 = it does not say.
    pub width: u32,
    /// Longest scan, 1/300 inch; 0 = it does not say.
    pub height: u32,
    /// Gives JPEG, one file a page.
    pub jpeg: bool,
}

impl ScannerCapabilities {
    /// Reads the answer of `ScannerCapabilities`.
    ///
    /// # Errors
    /// [`ScannerError::Protocol`].
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ScannerError> {
        let root = xml::parse(bytes, "ScannerCapabilities")?;
        let input = |holder: &str, names: [&str; 2]| {
            let holder = root.child(holder)?;
            let caps = names.iter().find_map(|name| holder.child(name));
            // A holder without capabilities of its own still says that the thing is there.
            Some(read_input(caps.unwrap_or(holder), &root))
        };
        let feeder = input("Adf", ["AdfSimplexInputCaps", "AdfDuplexInputCaps"]);
        let duplex = root
            .child("Adf")
            .is_some_and(|adf| adf.child("AdfDuplexInputCaps").is_some());
        let model = root.text_of("MakeAndModel").unwrap_or_default();
        Ok(Self {
            make_and_model: plain_name(model),
            version: root.text_of("Version").unwrap_or("2.0").to_owned(),
            plate: input("Platen", ["PlatenInputCaps", "PlatenInputCaps"]),
            feeder,
            duplex,
        })
    }
}

/// A name for people, without what would disturb a screen.
pub(super) fn plain_name(text: &str) -> String {
    let letters = text.chars().filter(|letter| !letter.is_control());
    letters.take(NAME).collect::<String>().trim().to_owned()
}

/// Profiles stand in the input itself, or once for all of them in the root.
fn read_input(caps: &Element, root: &Element) -> ScannerInput {
    let mut resolutions = resolutions(caps);
    if resolutions.is_empty() {
        resolutions = self::resolutions(root);
    }
    let has = |name: &str, value: &str| {
        let says = |element: &Element| {
            let mut all = element.all(name);
            all.any(|one| one.text.trim() == value)
        };
        says(caps) || says(root)
    };
    ScannerInput {
        resolutions,
        colour: has("ColorMode", "RGB24") || has("ColorMode", "RGB48"),
        width: caps.number("MaxWidth").unwrap_or(0),
        height: caps.number("MaxHeight").unwrap_or(0),
        jpeg: has("DocumentFormat", "image/jpeg") || has("DocumentFormatExt", "image/jpeg"),
    }
}

fn resolutions(element: &Element) -> Vec<u32> {
    let mut found: Vec<u32> = element
        .all("DiscreteResolution")
        .filter_map(|one| {
            let (across, down) = (one.number("XResolution")?, one.number("YResolution")?);
            (across == down).then_some(across)
        })
        .collect();
    for range in element.all("ResolutionRange") {
        let Some(across) = range.child("XResolutionRange") else {
            continue;
        };
        let (least, most) = (across.number("Min"), across.number("Max"));
        let (least, most) = (least.unwrap_or(u32::MAX), most.unwrap_or(0));
        found.extend(USUAL.iter().filter(|dpi| (least..=most).contains(dpi)));
    }
    found.retain(|dpi| (50..=1200).contains(dpi));
    found.sort_unstable();
    found.dedup();
    found.truncate(32);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a maker writes it who names a range and puts the profile into the root.
    const RANGE: &str = r#"<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.6</pwg:Version><pwg:MakeAndModel>Máy quét&#10;X</pwg:MakeAndModel>
<scan:SettingProfiles><scan:SettingProfile name="p1"><scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>application/pdf</pwg:DocumentFormat></scan:DocumentFormats>
<scan:SupportedResolutions><scan:ResolutionRange><scan:XResolutionRange><scan:Min>75</scan:Min><scan:Max>300</scan:Max></scan:XResolutionRange></scan:ResolutionRange></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>
<scan:Adf><scan:AdfDuplexInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>4200</scan:MaxHeight><scan:SettingProfile ref="p1"/></scan:AdfDuplexInputCaps></scan:Adf>
</scan:ScannerCapabilities>"#;

    #[test]
    fn a_range_in_a_profile_of_the_root_is_offered_as_the_usual_steps() {
        let read = ScannerCapabilities::parse(RANGE.as_bytes()).unwrap();
        assert_eq!(read.make_and_model, "Máy quétX");
        assert_eq!(read.plate, None);
        assert!(read.duplex);
        let feeder = read.feeder.unwrap();
        assert_eq!(feeder.resolutions, [100, 150, 200, 300]);
        assert!(feeder.colour && !feeder.jpeg);
        assert_eq!((feeder.width, feeder.height), (2550, 4200));
    }
}
