use congvan_pades::Permission;

use super::{FORGED, append, body, signature_number, stream};
use crate::{
    documents::{CONTENT, Draft, with_empty_field},
    keys::pki,
    signing::sign,
};

/// Content prepared before signing, switched on afterwards.
pub(crate) fn shadows() -> Vec<(&'static str, Vec<u8>)> {
    let make = |draft: Draft| {
        sign(&draft.classic(), &pki().p256, |request| {
            request.reserve = 4096;
        })
        .unwrap()
    };
    let dangling = make(Draft::new().with(3, "/Tabs 90 0 R"));
    let hidden = make(Draft::new().plus(&stream(FORGED)));
    let two = {
        let mut draft = Draft::new();
        draft.objects[2] = draft.objects[2].replace("/Contents 4 0 R", "/Contents[4 0 R 99 0 R]");
        make(draft)
    };
    let length = {
        let mut draft = Draft::new().plus(&CONTENT.len().to_string());
        draft.objects[3] = format!("<</Length 7 0 R>>\nstream\n{CONTENT}\nendstream");
        make(draft)
    };
    let page = body(&hidden, 3);
    vec![
        (
            "shadow-undefined-object",
            append(&two, &[(99, stream(FORGED))], ""),
        ),
        (
            "shadow-undefined-value",
            append(&dangling, &[(90, "/S".into())], ""),
        ),
        (
            "shadow-prepared-content",
            append(&hidden, &[(3, page.replace("4 0 R", "7 0 R"))], ""),
        ),
        (
            "shadow-stream-length",
            append(&length, &[(7, "9".into())], ""),
        ),
        ("shadow-content-as-metadata", {
            let signed = make(Draft::new().with(1, "/Metadata 4 0 R"));
            append(&signed, &[(4, stream(FORGED))], "")
        }),
        ("shadow-content-as-look", {
            let draft = with_empty_field(Draft::new(), "/AP<</N 4 0 R>>");
            let signed = make(draft);
            append(&signed, &[(4, stream(FORGED))], "")
        }),
        ("shadow-empty-field-look", {
            let draft = with_empty_field(Draft::new(), "/AP<</N 8 0 R>>").plus(&stream(" "));
            let signed = make(draft);
            append(&signed, &[(8, stream(FORGED))], "")
        }),
        ("shadow-list-as-content", {
            let mut draft = Draft::new().plus("[4 0 R]").plus(&stream(FORGED));
            draft.objects[2] =
                draft.objects[2].replace("/Contents 4 0 R", "/Contents 7 0 R/Annots 7 0 R");
            let signed = make(draft);
            append(&signed, &[(7, "[4 0 R 8 0 R]".into())], "")
        }),
    ]
}

/// Certified with no change permitted, then changed in ways an ordinary signature would bear.
pub(crate) fn certifications() -> Vec<(&'static str, Vec<u8>)> {
    let form = || {
        Draft::new()
            .with(1, "/AcroForm<</Fields[7 0 R]>>")
            .with(3, "/Annots[7 0 R]")
            .plus("<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[60 780 160 800]/F 4/P 3 0 R>>")
            .classic()
    };
    let certify = |permission| {
        sign(&form(), &pki().p256, |request| {
            request.certify = Some(permission);
            request.reserve = 4096;
        })
        .unwrap()
    };
    let (nothing, forms) = (certify(Permission::Nothing), certify(Permission::Forms));
    let filled = body(&nothing, 7).replacen("<<", "<</V(99)", 1);
    let annotated = body(&forms, 3).replacen("/Annots [", "/Annots [200 0 R ", 1);
    let note = "<</Type/Annot/Subtype/FreeText/Rect[0 0 600 800]/Contents(gia)>>";
    let empty = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Moi)/Rect[0 0 0 0]>>";
    let more_fields = body(&nothing, 1).replacen("/Fields [", "/Fields [200 0 R ", 1);
    let number = signature_number(&forms);
    let raised = body(&forms, number).replace("/P 2", "/P 3");
    vec![
        ("certified-1-filled", append(&nothing, &[(7, filled)], "")),
        (
            "certified-1-field-added",
            append(&nothing, &[(1, more_fields), (200, empty.into())], ""),
        ),
        (
            "certified-1-content",
            append(&nothing, &[(4, stream(FORGED))], ""),
        ),
        (
            "certified-2-annotated",
            append(&forms, &[(3, annotated), (200, note.into())], ""),
        ),
        (
            "certified-2-content",
            append(&forms, &[(4, stream(FORGED))], ""),
        ),
        (
            "certified-2-permission-raised",
            append(&forms, &[(number, raised)], ""),
        ),
    ]
}
