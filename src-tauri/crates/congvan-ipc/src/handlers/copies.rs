use std::sync::Arc;

use congvan_core::{CopyOrder, Desk};
use congvan_model::DocumentId as Id;
use congvan_protocol::handling::{Origin, Related, Relation};

use super::{Answer, parse};
use crate::dto::{
    CopyArgs, CopyOffer, DocumentId, DocumentRelation, DraftAbout, Drafted, RelatedDto,
};

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, disk faults.
pub async fn copy_offer(desk: &Arc<Desk>, args: DocumentId) -> Answer<CopyOffer> {
    let offer = desk.copy_offer(parse(&args.id)?).await?;
    Ok(CopyOffer {
        copies: offer.copies.into_iter().map(relation_dto).collect(),
        amendments: offer.amendments.into_iter().map(relation_dto).collect(),
        agency: offer.agency,
        is_electronic: offer.is_electronic,
    })
}

/// See the command table.
///
/// # Errors
/// `ACT_FORBIDDEN`, `ACT_WRONG_STATE`, `ACT_FIELD` (`field`), `SECRET_DOCUMENT`, `FILE_NOT_HERE`,
/// `NOT_FOUND`, render and disk faults: then nothing was recorded.
pub async fn copy_make(desk: &Arc<Desk>, args: CopyArgs) -> Answer<Drafted> {
    let order = CopyOrder {
        source: parse(&args.source)?,
        relation: relation(args.relation),
        agency: args.agency,
        pages: args.pages,
        left_out: args.left_out,
    };
    let document = desk.make_copy(order).await?;
    Ok(Drafted {
        document: document.to_string(),
    })
}

pub(super) fn about(about: Option<DraftAbout>) -> Answer<Option<(Id, Relation)>> {
    about
        .map(|about| Ok((parse(&about.document)?, relation(about.relation))))
        .transpose()
}

pub(super) fn origin_dto(origin: Origin) -> RelatedDto {
    RelatedDto {
        relation: relation_dto(origin.relation),
        document: origin.document.map(|id| id.to_string()),
        title: origin.title,
        issued_on: origin.issued_on.map(|day| day.to_string()),
        pages: origin.pages,
        left_out: origin.left_out,
    }
}

pub(super) fn related_dto(related: Related) -> RelatedDto {
    RelatedDto {
        relation: relation_dto(related.relation),
        document: related.document.map(|id| id.to_string()),
        title: related.title,
        issued_on: related.issued_on.map(|day| day.to_string()),
        pages: Vec::new(),
        left_out: String::new(),
    }
}

fn relation(dto: DocumentRelation) -> Relation {
    match dto {
        DocumentRelation::TrueCopy => Relation::TrueCopy,
        DocumentRelation::CopyOfCopy => Relation::CopyOfCopy,
        DocumentRelation::Extract => Relation::Extract,
        DocumentRelation::Correction => Relation::Correction,
        DocumentRelation::Replacement => Relation::Replacement,
    }
}

fn relation_dto(relation: Relation) -> DocumentRelation {
    match relation {
        Relation::TrueCopy => DocumentRelation::TrueCopy,
        Relation::CopyOfCopy => DocumentRelation::CopyOfCopy,
        Relation::Extract => DocumentRelation::Extract,
        Relation::Correction => DocumentRelation::Correction,
        Relation::Replacement => DocumentRelation::Replacement,
    }
}
