use std::sync::Arc;

use congvan_core::{
    Desk, FaultAt, ImportColumn as Column, ImportField as Field, ImportMapping, ImportStep,
    ImportTable as Table, Judgement, PreviewRow, RowFault, RowNotice, import_fields,
};
use congvan_model::Direction;

use super::Answer;
use crate::dto::{
    Empty, FileExport, ImportBook, ImportColumn, ImportCount, ImportDirection, ImportFault,
    ImportFaultPage, ImportFaultQuery, ImportField, ImportJudgement, ImportMapArgs,
    ImportPauseArgs, ImportPreview, ImportProgress, ImportSampleArgs, ImportSheetArgs, ImportState,
    ImportTable, ImportTaken,
};

/// Most faults of one part.
const FAULTS_MAX: u32 = 200;

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn import_state(desk: &Arc<Desk>, _: Empty) -> Answer<ImportState> {
    let view = desk.import_view().await?;
    let books = view.books.into_iter();
    Ok(ImportState {
        clerk: view.clerk,
        books: books
            .map(|(code, name)| ImportBook { code, name })
            .collect(),
        table: view.table.map(table),
        waiting_rows: view.waiting.rows,
        waiting_files: view.waiting.files,
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_CLERK`, `IMPORT_NO_TABLE`, `IMPORT_BUSY`, disk faults.
pub async fn import_map(desk: &Arc<Desk>, args: ImportMapArgs) -> Answer<ImportState> {
    let columns = args.columns.into_iter();
    let mapping = ImportMapping {
        direction: direction(args.direction),
        book: args.book,
        columns: columns.map(|field| field.map(to_field)).collect(),
    };
    desk.import_map(mapping).await?;
    import_state(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// As [`import_map`].
pub async fn import_sheet(desk: &Arc<Desk>, args: ImportSheetArgs) -> Answer<ImportState> {
    let sheet = usize::try_from(args.sheet).unwrap_or(usize::MAX);
    desk.import_sheet(sheet).await?;
    import_state(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// As [`import_map`]; `IMPORT_UNMAPPED`.
pub async fn import_judge(desk: &Arc<Desk>, _: Empty) -> Answer<ImportState> {
    desk.import_judge().await?;
    import_state(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// As [`import_judge`]; `IMPORT_CHANGED`.
pub async fn import_start(desk: &Arc<Desk>, _: Empty) -> Answer<ImportState> {
    desk.import_start().await?;
    import_state(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn import_pause(desk: &Arc<Desk>, args: ImportPauseArgs) -> Answer<ImportState> {
    desk.import_pause(args.paused).await?;
    import_state(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn import_stop(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.import_stop().await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, `IMPORT_BUSY`.
pub async fn import_close(desk: &Arc<Desk>, _: Empty) -> Answer<ImportState> {
    desk.import_close().await?;
    import_state(desk, Empty {}).await
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn import_faults(desk: &Arc<Desk>, args: ImportFaultQuery) -> Answer<ImportFaultPage> {
    let view = desk.import_view().await?;
    let kinds = RowFault::ALL.iter().copied();
    let kind = args
        .code
        .and_then(|code| kinds.clone().find(|kind| kind.code() == code));
    let offset = usize::try_from(args.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(args.limit.min(FAULTS_MAX)).unwrap_or(0);
    let judged = view.table.and_then(|table| table.judged);
    let (faults, total) = judged
        .map(|judged| judged.part(kind, (offset, limit)))
        .unwrap_or_default();
    Ok(ImportFaultPage {
        faults: faults.into_iter().map(fault).collect(),
        total: u32::try_from(total).unwrap_or(u32::MAX),
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, `IMPORT_NO_TABLE`, `IMPORT_CHANGED`, disk faults.
pub async fn import_report(desk: &Arc<Desk>, _: Empty) -> Answer<FileExport> {
    Ok(desk.import_report().await?.into())
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn import_sample(desk: &Arc<Desk>, args: ImportSampleArgs) -> Answer<FileExport> {
    Ok(desk.import_sample(direction(args.direction)).await?.into())
}

fn table(table: Table) -> ImportTable {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let fields = import_fields(table.mapping.direction);
    ImportTable {
        name: table.name,
        sheets: table.sheets,
        sheet: number(table.sheet),
        rows: table.rows,
        direction: match table.mapping.direction {
            Direction::Incoming => ImportDirection::Incoming,
            Direction::Outgoing => ImportDirection::Outgoing,
        },
        book: table.mapping.book,
        columns: table.columns.into_iter().map(column).collect(),
        fields: fields.into_iter().map(of_field).collect(),
        missing: table.missing.into_iter().map(of_field).collect(),
        folder_files: table.folder_files.map(number),
        preview: table.preview.into_iter().map(preview).collect(),
        judged: table.judged.map(|found| judgement(&found)),
        taken: table.taken.map(|taken| ImportTaken {
            rows: taken.rows,
            files: taken.files,
            lost_files: taken.lost_files,
            stopped: taken.stopped,
            disk_full: taken.disk_full,
        }),
        refused: table.refused,
        progress: table.progress.map(|progress| ImportProgress {
            importing: match progress.step {
                ImportStep::Judging => false,
                ImportStep::Importing => true,
            },
            done: progress.done,
            paused: progress.paused,
        }),
    }
}

fn column(column: Column) -> ImportColumn {
    ImportColumn {
        heading: column.heading,
        samples: column.samples,
        field: column.field.map(of_field),
    }
}

fn preview(row: PreviewRow) -> ImportPreview {
    let found = row.row.as_ref();
    let fields = found.map(|found| &found.fields);
    let notation = fields.and_then(|fields| fields.notation.as_ref());
    let code = fields.and_then(|fields| fields.issuer_code.clone());
    ImportPreview {
        line: row.line,
        number: found.map(|found| found.number),
        on: found.map(|found| found.on.to_string()),
        notation: notation.map(ToString::to_string).unwrap_or_default(),
        issuer: fields
            .map(|fields| fields.issuer_name.clone())
            .unwrap_or_default(),
        issuer_code: code.unwrap_or_default(),
        subject: fields
            .map(|fields| format!("{}: {}", fields.kind.name(), fields.subject))
            .unwrap_or_default(),
        files: row.files,
        faults: row.faults.into_iter().map(fault).collect(),
    }
}

fn fault(at: FaultAt) -> ImportFault {
    ImportFault {
        line: at.line,
        field: at.field.map(of_field),
        code: at.fault.code().to_owned(),
    }
}

fn judgement(found: &Judgement) -> ImportJudgement {
    let count = |code: &str, rows: &u32| ImportCount {
        code: code.to_owned(),
        rows: *rows,
    };
    let faults = found.faults.iter();
    let notices = RowNotice::ALL.into_iter();
    let notices = notices.map(|notice| count(notice.code(), &found.noticed(notice)));
    ImportJudgement {
        good: found.good,
        already: found.already,
        more_files: found.more_files,
        refused: found.refused,
        files: found.files,
        faults: faults
            .map(|(fault, rows)| count(fault.code(), rows))
            .collect(),
        notices: notices.filter(|notice| notice.rows > 0).collect(),
    }
}

fn direction(of: ImportDirection) -> Direction {
    match of {
        ImportDirection::Incoming => Direction::Incoming,
        ImportDirection::Outgoing => Direction::Outgoing,
    }
}

macro_rules! same_fields {
    ($($name:ident)*) => {
        fn of_field(field: Field) -> ImportField {
            match field { $(Field::$name => ImportField::$name,)* }
        }
        fn to_field(field: ImportField) -> Field {
            match field { $(ImportField::$name => Field::$name,)* }
        }
    };
}

same_fields! {
    OldId Book Year Arrival ArrivedOn Issuer IssuerCode Notation Number Symbol IssuedOn Kind Activity
    Subject Signer Position Urgency Secrecy Places HandledBy Files
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_face_has_words_for_every_fault_and_notice() {
        let languages = [
            include_str!("../../../../../ui/src/i18n/vi.json"),
            include_str!("../../../../../ui/src/i18n/en.json"),
        ];
        for text in languages {
            let catalogue: Value = serde_json::from_str(text).expect("a catalogue");
            let has = |group: &str, code: &str| catalogue["import"][group][code].is_string();
            for fault in RowFault::ALL {
                let code = fault.code();
                assert!(has("fault", code) && has("remedy", code), "{code}");
            }
            for notice in RowNotice::ALL {
                assert!(has("notice", notice.code()), "{}", notice.code());
            }
        }
    }
}
