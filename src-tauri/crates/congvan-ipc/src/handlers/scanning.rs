use std::{path::PathBuf, sync::Arc};

use congvan_core::{Desk, ExportedFile, ScanSettings, ScanStop};

use super::Answer;
use crate::{
    ErrorCode,
    dto::{
        Empty, FileExport, ScanFolder, ScanJob, ScanSources, ScanStart, ScannerAddress, ScannerDto,
        SeparatorArgs,
    },
    fault,
};

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn scan_sources(desk: &Arc<Desk>, _: Empty) -> Answer<ScanSources> {
    Ok(desk.scan_sources().await?.into())
}

/// See the command table.
///
/// # Errors
/// `FOLDER_UNREACHABLE`, `NOT_LOGGED_IN`, disk faults.
pub async fn scan_folder_set(desk: &Arc<Desk>, args: ScanFolder) -> Answer<ScanSources> {
    let folder = args.folder.map(PathBuf::from);
    Ok(desk.scan_folder_set(folder).await?.into())
}

/// See the command table.
///
/// # Errors
/// `SCANNER_ADDRESS`, `SCANNER_UNREACHABLE` and the like, `NOT_LOGGED_IN`, disk faults.
pub async fn scanner_add(desk: &Arc<Desk>, args: ScannerAddress) -> Answer<ScanSources> {
    Ok(desk.scanner_add(&args.address).await?.into())
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn scanner_forget(desk: &Arc<Desk>, args: ScannerAddress) -> Answer<ScanSources> {
    Ok(desk.scanner_forget(&args.address).await?.into())
}

/// See the command table.
///
/// # Errors
/// `SCANNER_BUSY` while this desk scans, `NOT_FOUND`, `NOT_LOGGED_IN`.
pub async fn scan_start(desk: &Arc<Desk>, args: ScanStart) -> Answer<Empty> {
    let settings = ScanSettings {
        feeder: args.feeder,
        duplex: args.duplex,
        resolution: args.resolution,
    };
    desk.scan_start(&args.scanner, settings).await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn scan_cancel(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.scan_cancel().await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `TEXT_TOO_LONG`, `NOT_LOGGED_IN`.
pub async fn scan_separators(desk: &Arc<Desk>, args: SeparatorArgs) -> Answer<FileExport> {
    Ok(desk.scan_separators(args.departments).await?.into())
}

impl From<ExportedFile> for FileExport {
    fn from(file: ExportedFile) -> Self {
        Self {
            id: file.id,
            name: file.name,
            media_type: file.media_type.to_owned(),
        }
    }
}

impl From<congvan_core::ScanSources> for ScanSources {
    fn from(sources: congvan_core::ScanSources) -> Self {
        let folder = sources.folder.as_ref();
        Self {
            folder: folder.map(|folder| folder.display().to_string()),
            folder_code: sources.folder_gone.then_some(ErrorCode::FolderUnreachable),
            scanners: sources.scanners.into_iter().map(ScannerDto::from).collect(),
            job: sources.job.map(ScanJob::from),
        }
    }
}

impl From<congvan_core::ScannerView> for ScannerDto {
    fn from(scanner: congvan_core::ScannerView) -> Self {
        Self {
            id: scanner.id,
            name: scanner.name,
            code: scanner.fault.as_ref().map(fault::scanner),
            feeder: scanner.feeder,
            duplex: scanner.duplex,
            plate: scanner.plate,
            resolutions: scanner.resolutions,
        }
    }
}

impl From<congvan_core::ScanJobView> for ScanJob {
    fn from(job: congvan_core::ScanJobView) -> Self {
        let code = job.stop.map(|stop| match stop {
            ScanStop::Scanner(error) => fault::scanner(&error),
            ScanStop::Page(refused) => fault::stack_fault(refused),
            ScanStop::Disk => ErrorCode::StoreFailed,
        });
        Self {
            scanner: job.scanner,
            pages: job.pages,
            code,
        }
    }
}
