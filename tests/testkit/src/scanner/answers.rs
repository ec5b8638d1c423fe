//! What the scanner says about itself, as the scanners of two makers write it.

use super::{ScannerFault, State};

const NAMESPACES: &str = "xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
                          xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\"";

/// `GET ScannerCapabilities`.
pub(super) fn capabilities() -> String {
    let caps = |name: &str| {
        let resolutions: String = [100, 200, 300]
            .iter()
            .map(|dpi| {
                format!(
                    "<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>\
                     <scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
                )
            })
            .collect();
        format!(
            "<scan:{name}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2551</scan:MaxWidth>\
             <scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>4205</scan:MaxHeight>\
             <scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles>\
             <scan:SettingProfile><scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>\
             <scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes><scan:DocumentFormats>\
             <pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
             <scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>\
             <scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}\
             </scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile>\
             </scan:SettingProfiles><scan:SupportedIntents><scan:Intent>Document</scan:Intent>\
             <scan:Intent>Photo</scan:Intent></scan:SupportedIntents></scan:{name}>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scan:ScannerCapabilities {NAMESPACES}>\
         <pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Máy quét kiểm thử</pwg:MakeAndModel>\
         <pwg:SerialNumber>KT0001</pwg:SerialNumber>\
         <scan:UUID>4509a320-00a0-008f-00b6-002507510eca</scan:UUID>\
         <scan:Platen>{}</scan:Platen><scan:Adf>{}{}<scan:FeederCapacity>50</scan:FeederCapacity>\
         <scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption>\
         <scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions></scan:Adf>\
         </scan:ScannerCapabilities>",
        caps("PlatenInputCaps"),
        caps("AdfSimplexInputCaps"),
        caps("AdfDuplexInputCaps"),
    )
}

/// `GET ScannerStatus`.
pub(super) fn status(state: &State) -> String {
    let given = state.job.map_or(0, |job| job.given);
    let adf = match state.fault {
        ScannerFault::JamAfter(pages) if given >= pages => "ScannerAdfJam",
        ScannerFault::CoverOpen => "ScannerAdfHatchOpen",
        _ if state.pages.is_empty() => "ScannerAdfEmpty",
        _ => "ScannerAdfLoaded",
    };
    let jobs = state.job.map_or(String::new(), |job| {
        let word = match state.fault {
            ScannerFault::AbortsAfter(pages) if given >= pages => "Aborted",
            _ if job.over => "Completed",
            _ => "Processing",
        };
        format!(
            "<scan:Jobs><scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{0}</pwg:JobUri>\
             <pwg:JobUuid>kt-{0}</pwg:JobUuid><scan:Age>1</scan:Age>\
             <pwg:ImagesCompleted>{1}</pwg:ImagesCompleted><pwg:JobState>{word}</pwg:JobState>\
             </scan:JobInfo></scan:Jobs>",
            job.number, job.given
        )
    });
    let busy = state.job.is_some_and(|job| !job.over);
    let word = if busy { "Processing" } else { "Idle" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scan:ScannerStatus {NAMESPACES}>\
         <pwg:Version>2.63</pwg:Version><pwg:State>{word}</pwg:State>\
         <scan:AdfState>{adf}</scan:AdfState>{jobs}</scan:ScannerStatus>"
    )
}

/// A description of so many elements inside each other.
pub(super) fn deep() -> String {
    let (open, close) = (
        "<scan:Platen>".repeat(10_000),
        "</scan:Platen>".repeat(10_000),
    );
    format!("<scan:ScannerCapabilities {NAMESPACES}>{open}{close}</scan:ScannerCapabilities>")
}
