use std::sync::Arc;

use congvan_core::{AskedField, Desk, Facet, FoundColumn, Narrow, SearchQuery, TableFormat};
use serde::de::DeserializeOwned;

use super::{Answer, documents::row_dto, parse, word};
use crate::{
    ErrorCode, IpcError,
    dto::{
        Empty, FileExport, FoundPage, FoundRow, SavedSearchDto, SavedSearchId, SearchArgs,
        SearchAsked, SearchColumn, SearchExcerpt, SearchExcerptArgs, SearchExport, SearchFacet,
        SearchFacets, SearchFormat, SearchNarrow, SearchOrder, SearchSave,
    },
};

/// See the command table.
///
/// # Errors
/// `TEXT_TOO_LONG`, `NOT_LOGGED_IN`, disk faults.
pub async fn search_find(desk: &Arc<Desk>, args: SearchArgs) -> Answer<FoundPage> {
    let found = desk.find(query(desk, args)?).await?;
    Ok(FoundPage {
        rows: found
            .rows
            .into_iter()
            .map(|found| FoundRow {
                direction: word(&found.row.direction),
                signer: found.signer,
                row: row_dto(found.row),
            })
            .collect(),
        total: found.total,
        is_more: found.is_more,
        asked: found
            .asked
            .into_iter()
            .map(|asked| SearchAsked {
                field: field_name(asked.field).to_owned(),
                value: asked.value,
                not: asked.not,
            })
            .collect(),
        unknown: found.unknown,
        words: found.words,
    })
}

/// See the command table.
///
/// # Errors
/// As [`search_find`].
pub async fn search_facets(desk: &Arc<Desk>, args: SearchArgs) -> Answer<SearchFacets> {
    let found = desk.facets(query(desk, args)?).await?;
    Ok(SearchFacets {
        directions: facets(found.directions, word, word),
        kinds: facets(found.kinds, word, |kind| kind.name().to_owned()),
        issuers: facets(found.issuers, Clone::clone, Clone::clone),
        years: facets(found.years, ToString::to_string, ToString::to_string),
        states: facets(found.states, word, word),
        urgencies: facets(found.urgencies, word, word),
        counted: found.counted,
        is_more: found.is_more,
    })
}

/// See the command table.
///
/// # Errors
/// As [`search_find`].
pub async fn search_excerpts(
    desk: &Arc<Desk>,
    args: SearchExcerptArgs,
) -> Answer<Vec<SearchExcerpt>> {
    let documents = args.documents.iter().map(|id| parse(id));
    let found = desk
        .excerpts(args.text, documents.collect::<Answer<_>>()?)
        .await?;
    Ok(found
        .into_iter()
        .map(|excerpt| SearchExcerpt {
            document: excerpt.document.to_string(),
            text: excerpt.text,
            on_page: excerpt.on_page,
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn search_saved(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<SavedSearchDto>> {
    Ok(saved(desk.saved_searches().await?))
}

/// See the command table.
///
/// # Errors
/// `TEXT_EMPTY`, `TEXT_TOO_LONG`, disk faults: then nothing was kept.
pub async fn search_save(desk: &Arc<Desk>, args: SearchSave) -> Answer<Vec<SavedSearchDto>> {
    let narrow = narrow(args.narrow)?;
    Ok(saved(desk.save_search(args.name, args.text, narrow).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn search_forget(desk: &Arc<Desk>, args: SavedSearchId) -> Answer<Vec<SavedSearchDto>> {
    Ok(saved(desk.forget_search(parse(&args.id)?).await?))
}

/// See the command table.
///
/// # Errors
/// As [`search_find`]; `ACT_FIELD` (`columns`) when none is wanted.
pub async fn search_export(desk: &Arc<Desk>, args: SearchExport) -> Answer<FileExport> {
    let columns = args.columns.into_iter().map(column).collect();
    let query = query(desk, args.query)?;
    let file = desk
        .found_export(query, columns, (args.format.into(), args.narrowed))
        .await?;
    Ok(file.into())
}

impl From<SearchFormat> for TableFormat {
    fn from(format: SearchFormat) -> Self {
        match format {
            SearchFormat::Pdf => Self::Pdf,
            SearchFormat::Xlsx => Self::Xlsx,
        }
    }
}

fn query(desk: &Arc<Desk>, args: SearchArgs) -> Answer<SearchQuery> {
    let order = match args.order {
        SearchOrder::Newest => congvan_core::SearchOrder::Newest,
        SearchOrder::Oldest => congvan_core::SearchOrder::Oldest,
        SearchOrder::Best => congvan_core::SearchOrder::Best,
    };
    Ok(SearchQuery {
        skip: args.skip,
        limit: args.limit,
        ..desk.search_query(args.text, narrow(args.narrow)?, order)?
    })
}

fn narrow(args: SearchNarrow) -> Answer<Narrow> {
    Ok(Narrow {
        direction: chosen(args.direction)?,
        kind: chosen(args.kind)?,
        issuer: Some(args.issuer).filter(|name| !name.is_empty()),
        year: match args.year.as_str() {
            "" => None,
            year => Some(parse(year)?),
        },
        state: chosen(args.state)?,
        urgency: chosen(args.urgency)?,
    })
}

/// A word of the protocol; none for an empty text.
fn chosen<T: DeserializeOwned>(word: String) -> Answer<Option<T>> {
    if word.is_empty() {
        return Ok(None);
    }
    serde_json::from_value(serde_json::Value::String(word))
        .map(Some)
        .map_err(|_| IpcError::new(ErrorCode::InvalidRequest))
}

fn narrow_dto(narrow: Narrow) -> SearchNarrow {
    SearchNarrow {
        direction: narrow.direction.map(|one| word(&one)).unwrap_or_default(),
        kind: narrow.kind.map(|one| word(&one)).unwrap_or_default(),
        issuer: narrow.issuer.unwrap_or_default(),
        year: narrow.year.map(|one| one.to_string()).unwrap_or_default(),
        state: narrow.state.map(|one| word(&one)).unwrap_or_default(),
        urgency: narrow.urgency.map(|one| word(&one)).unwrap_or_default(),
    }
}

fn facets<T>(
    all: Vec<Facet<T>>,
    value: impl Fn(&T) -> String,
    name: impl Fn(&T) -> String,
) -> Vec<SearchFacet> {
    all.into_iter()
        .map(|facet| SearchFacet {
            value: value(&facet.value),
            name: name(&facet.value),
            count: facet.count,
        })
        .collect()
}

fn saved(all: Vec<congvan_core::SavedSearch>) -> Vec<SavedSearchDto> {
    all.into_iter()
        .map(|one| SavedSearchDto {
            id: one.id.to_string(),
            name: one.name,
            text: one.text,
            narrow: narrow_dto(one.narrow),
            count: one.count,
            is_more: one.is_more,
        })
        .collect()
}

fn field_name(field: AskedField) -> &'static str {
    match field {
        AskedField::Number => "number",
        AskedField::Arrival => "arrival",
        AskedField::Day => "day",
        AskedField::Agency => "agency",
        AskedField::Signer => "signer",
        AskedField::Subject => "subject",
        AskedField::Pages => "pages",
        AskedField::Other => "other",
        AskedField::From => "from",
        AskedField::To => "to",
        AskedField::Year => "year",
        AskedField::Kind => "kind",
        AskedField::Direction => "direction",
        AskedField::Urgency => "urgency",
        AskedField::State => "state",
        AskedField::Due => "due",
        AskedField::Without => "without",
    }
}

fn column(column: SearchColumn) -> FoundColumn {
    match column {
        SearchColumn::Notation => FoundColumn::Notation,
        SearchColumn::Issued => FoundColumn::Issued,
        SearchColumn::Issuer => FoundColumn::Issuer,
        SearchColumn::Subject => FoundColumn::Subject,
        SearchColumn::Kind => FoundColumn::Kind,
        SearchColumn::Signer => FoundColumn::Signer,
        SearchColumn::Arrival => FoundColumn::Arrival,
        SearchColumn::Arrived => FoundColumn::Arrived,
        SearchColumn::Due => FoundColumn::Due,
        SearchColumn::State => FoundColumn::State,
        SearchColumn::Urgency => FoundColumn::Urgency,
        SearchColumn::Direction => FoundColumn::Direction,
    }
}
