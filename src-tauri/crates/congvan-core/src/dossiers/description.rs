//! What stands on a dossier and its documents, as XML with the names of decree 30/2020, Appendix VI,
//! Part II. Days are `dd/mm/yyyy`; what is not known is an empty element.

use congvan_model::{Direction, Timestamp};
use congvan_protocol::{Document, dossier::DossierItem};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{DossierContents, export::pages_of};
use crate::{DeskError, Result, register::book::day};

const LANGUAGE: &str = "Tiếng Việt";

type Xml = Writer<Vec<u8>>;

/// The dossier, its documents in the order of time inside.
pub(super) fn xml(contents: &DossierContents) -> Result<Vec<u8>> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
    out.write_event(Event::Decl(declaration)).map_err(failed)?;
    out.create_element("Dossier")
        .write_inner_content(|out| dossier(out, contents))
        .map_err(failed)?;
    Ok(out.into_inner())
}

fn dossier(out: &mut Xml, contents: &DossierContents) -> std::io::Result<()> {
    let dossier = &contents.view.dossier;
    let fields = &dossier.fields;
    file_code(out, contents)?;
    put(out, "Title", &fields.title)?;
    put(out, "Maintenance", &fields.retention.words())?;
    put(out, "Rights", "")?;
    put(out, "Creator", &fields.creator.full_name)?;
    put(out, "Language", LANGUAGE)?;
    put(
        out,
        "StartDate",
        &dossier.started_on.map_or_else(String::new, day),
    )?;
    put(
        out,
        "EndDate",
        &dossier.ended_on.map_or_else(String::new, day),
    )?;
    put(out, "DocTotal", &dossier.items.len().to_string())?;
    let pages: Option<Vec<u32>> = dossier
        .items
        .iter()
        .map(|item| pages_of(contents, item.document))
        .collect();
    let pages = pages.map(|pages| pages.iter().sum::<u32>().to_string());
    put(out, "PageTotal", &pages.unwrap_or_default())?;
    put(out, "Description", &fields.note)?;
    let mut items: Vec<(&DossierItem, &Document)> = dossier
        .items
        .iter()
        .filter_map(|item| Some((item, contents.documents.get(&item.document)?)))
        .collect();
    items.sort_by_key(|(item, document)| (document.issued_on, item.ordinal));
    out.create_element("Documents").write_inner_content(|out| {
        for (item, document) in items {
            let name = match document.direction {
                Direction::Incoming => "IncomingDocument",
                Direction::Outgoing => "OutgoingDocument",
            };
            out.create_element(name)
                .write_inner_content(|out| one(out, contents, (item, document)))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn file_code(out: &mut Xml, contents: &DossierContents) -> std::io::Result<()> {
    let dossier = &contents.view.dossier;
    out.create_element("FileCode").write_inner_content(|out| {
        put(out, "OrganId", &dossier.agency.code)?;
        put(out, "FileCatalog", &dossier.fields.year.to_string())?;
        put(out, "FileNotation", &dossier.fields.notation())
    })?;
    Ok(())
}

fn one(
    out: &mut Xml,
    contents: &DossierContents,
    (item, document): (&DossierItem, &Document),
) -> std::io::Result<()> {
    let notation = document.notation.as_ref();
    let number = notation.map(|notation| notation.number().to_string());
    let symbol = notation.map(|notation| notation.symbol().to_owned());
    let pages = pages_of(contents, item.document).map(|pages| pages.to_string());
    file_code(out, contents)?;
    put(out, "DocOrdinal", &item.ordinal.to_string())?;
    put(out, "TypeName", document.kind.name())?;
    put(out, "CodeNumber", &number.unwrap_or_default())?;
    put(out, "CodeNotation", &symbol.unwrap_or_default())?;
    put(
        out,
        "IssuedDate",
        &document.issued_on.map_or_else(String::new, day),
    )?;
    put(out, "OrganName", &document.issuer.name)?;
    put(out, "Subject", &document.subject)?;
    put(out, "Language", LANGUAGE)?;
    put(out, "PageAmount", &pages.unwrap_or_default())?;
    put(out, "Description", "")?;
    let due = document.due.map(|due| day(due.instant().vietnam_date()));
    let due = due.unwrap_or_default();
    let priority = document.urgency.priority().to_string();
    match document.direction {
        Direction::Outgoing => {
            signer(out, document)?;
            let sent = document.handling.as_ref();
            let sent = sent.and_then(|handling| handling.outgoing.as_ref());
            for delivery in sent.iter().flat_map(|outgoing| &outgoing.deliveries) {
                out.create_element("To").write_inner_content(|out| {
                    put(out, "OrganId", &delivery.agency.code)?;
                    put(out, "OrganName", &delivery.agency.name)
                })?;
            }
            put(out, "Priority", &priority)?;
            put(out, "IssuedAmount", "")?;
            put(out, "DueDate", &due)
        }
        Direction::Incoming => {
            let arrival = document.arrival_number.map(|number| number.to_string());
            put(out, "ArrivalDate", &day(document.arrived_at.vietnam_date()))?;
            put(out, "ArrivalNumber", &arrival.unwrap_or_default())?;
            signer(out, document)?;
            put(out, "Priority", &priority)?;
            let receivers = document
                .handling
                .iter()
                .flat_map(|handling| &handling.receivers);
            let places: Vec<&str> = receivers.map(|one| one.full_name.as_str()).collect();
            put(out, "ToPlaces", &places.join("; "))?;
            let steps = document.flow.iter().map(|step| {
                let words = [step.who.as_str(), step.note.as_str()];
                let words: Vec<&str> = words.into_iter().filter(|part| !part.is_empty()).collect();
                format!("{} {}", moment(step.at), words.join(": "))
            });
            put(
                out,
                "TraceHeaderList",
                &steps.collect::<Vec<_>>().join("\n"),
            )?;
            put(out, "DueDate", &due)
        }
    }
}

fn signer(out: &mut Xml, document: &Document) -> std::io::Result<()> {
    out.create_element("SignerInfo")
        .write_inner_content(|out| {
            put(out, "Position", &document.signer.position)?;
            put(out, "FullName", &document.signer.full_name)
        })?;
    Ok(())
}

fn moment(at: Timestamp) -> String {
    let at = at.vietnam();
    format!("{} {:02}:{:02}", day(at.date()), at.hour(), at.minute())
}

fn put(out: &mut Xml, name: &str, words: &str) -> std::io::Result<()> {
    // XML has no way to write most control characters.
    let words: String = words
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    let element = out.create_element(name);
    match words.is_empty() {
        true => element.write_empty()?,
        false => element.write_text_content(BytesText::new(&words))?,
    };
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> DeskError {
    DeskError::Internal(format!("the description of a dossier: {error}"))
}
