use super::{
    FORGED, append, body, field_number, form_number, look_number, replace, signature_number,
    stream, swap_look,
};

/// ISA and shadow: a revision is appended.
pub(crate) fn appended(signed: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let page = body(signed, 3);
    let catalog = body(signed, 1);
    let put = |num: u32, text: String| append(signed, &[(num, text)], "");
    let more_annots = |extra: &str| page.replacen("/Annots [", &format!("/Annots [{extra} "), 1);
    let widget = "<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[0 0 600 800]/V(99)>>".to_owned();
    let stamp = "<</Type/Annot/Subtype/Stamp/Rect[0 0 600 800]/AP<</N 201 0 R>>>>".to_owned();
    let form = format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length {}>>\nstream\n{FORGED}\nendstream",
        FORGED.len()
    );
    let old_sig = signature_number(signed);
    vec![
        ("content-overwritten", put(4, stream(FORGED))),
        (
            "content-replaced-by-new",
            append(
                signed,
                &[(3, page.replace("4 0 R", "200 0 R")), (200, stream(FORGED))],
                "",
            ),
        ),
        (
            "font-swapped",
            put(5, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".into()),
        ),
        (
            "page-rotated",
            put(3, page.replacen("<<", "<</Rotate 180", 1)),
        ),
        (
            "page-cropped",
            put(3, page.replacen("<<", "<</CropBox[0 0 9 9]", 1)),
        ),
        (
            "page-action",
            put(
                3,
                page.replacen("<<", "<</AA<</O<</S/JavaScript/JS(x)>>>>", 1),
            ),
        ),
        (
            "page-added",
            append(
                signed,
                &[
                    (
                        2,
                        "<</Type/Pages/Kids[3 0 R 200 0 R]/Count 2/MediaBox[0 0 595.28 841.89]>>"
                            .into(),
                    ),
                    (200, "<</Type/Page/Parent 2 0 R>>".into()),
                ],
                "",
            ),
        ),
        (
            "page-swapped",
            append(
                signed,
                &[
                    (
                        2,
                        "<</Type/Pages/Kids[200 0 R]/Count 1/MediaBox[0 0 595.28 841.89]>>".into(),
                    ),
                    (200, "<</Type/Page/Parent 2 0 R/Contents 201 0 R>>".into()),
                    (201, stream(FORGED)),
                ],
                "",
            ),
        ),
        (
            "page-box-inherited",
            put(
                2,
                "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 100 100]>>".into(),
            ),
        ),
        (
            "catalog-pages",
            append(
                signed,
                &[
                    (1, catalog.replace("/Pages 2 0 R", "/Pages 200 0 R")),
                    (200, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into()),
                ],
                "",
            ),
        ),
        (
            "catalog-open-action",
            put(1, catalog.replacen("<<", "<</OpenAction[3 0 R/Fit]", 1)),
        ),
        (
            "catalog-layers",
            put(
                1,
                catalog.replacen("<<", "<</OCProperties<</OCGs[]/D<<>>>>", 1),
            ),
        ),
        ("root-swapped", {
            let text = append(signed, &[(200, catalog.clone())], "");
            replace(&text, "/Root 1 0 R/Prev", "/Root 200 0 R/Prev")
        }),
        (
            "annotation-stamp",
            append(
                signed,
                &[
                    (3, more_annots("200 0 R")),
                    (200, stamp),
                    (201, form.clone()),
                ],
                "",
            ),
        ),
        (
            "annotation-changed",
            put(
                7,
                "<</Type/Annot/Subtype/FreeText/Rect[0 0 600 800]/Contents(gia)>>".into(),
            ),
        ),
        ("annotation-removed", put(3, page.replace("7 0 R", ""))),
        (
            "text-field-added",
            append(
                signed,
                &[
                    (3, more_annots("200 0 R")),
                    (200, widget),
                    (
                        form_number(signed),
                        body(signed, form_number(signed)).replacen(
                            "/Fields [",
                            "/Fields [200 0 R ",
                            1,
                        ),
                    ),
                ],
                "",
            ),
        ),
        (
            "signature-moved",
            put(
                field_number(signed),
                body(signed, field_number(signed)).replacen(
                    "/Rect [",
                    "/Rect [1 1 5 5] /Kect [",
                    1,
                ),
            ),
        ),
        (
            "signature-look-swapped",
            append(
                signed,
                &[
                    (
                        field_number(signed),
                        swap_look(&body(signed, field_number(signed))),
                    ),
                    (201, form.clone()),
                ],
                "",
            ),
        ),
        (
            "signature-look-overwritten",
            append(signed, &[(look_number(signed), form)], ""),
        ),
        (
            "signature-removed",
            append(
                signed,
                &[(form_number(signed), "<</Fields []/SigFlags 3>>".into())],
                "",
            ),
        ),
        (
            "signature-overwritten",
            put(old_sig, body(signed, old_sig).replace("/M ", "/Q ")),
        ),
        (
            "laundered-through-dss",
            append(
                signed,
                &[
                    (1, catalog.replacen("<<", "<</DSS<</Certs[4 0 R]>>", 1)),
                    (4, stream(FORGED)),
                ],
                "",
            ),
        ),
        (
            "laundered-through-metadata",
            append(
                signed,
                &[
                    (1, catalog.replacen("<<", "<</Metadata 4 0 R", 1)),
                    (4, stream(FORGED)),
                ],
                "",
            ),
        ),
        (
            "laundered-through-info",
            append(signed, &[(4, stream(FORGED))], "/Info 4 0 R"),
        ),
        (
            "laundered-through-new-field",
            append(
                signed,
                &[
                    (4, stream(FORGED)),
                    (
                        200,
                        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Moi)/Rect[0 0 0 0]/AP<</N 4 0 R>>>>"
                            .into(),
                    ),
                    (
                        form_number(signed),
                        body(signed, form_number(signed)).replacen(
                            "/Fields [",
                            "/Fields [200 0 R ",
                            1,
                        ),
                    ),
                ],
                "",
            ),
        ),
        (
            "junk-at-the-end",
            [signed, b"4 0 obj\n(gia)\nendobj\n"].concat(),
        ),
        ("content-freed", {
            let text = append(signed, &[(200, "null".into())], "");
            replace(
                &text,
                "xref\n200 1\n",
                "xref\n4 1\n0000000000 00001 f \n200 1\n",
            )
        }),
        ("chain-cut", {
            let text = append(signed, &[(4, stream(FORGED))], "");
            let at = text
                .windows(6)
                .rposition(|window| window == b"/Prev ")
                .unwrap()
                + 6;
            let digits = text[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            // Points at the unsigned revision and leaves out the signed one.
            let first = signed
                .windows(9)
                .position(|window| window == b"startxref")
                .unwrap()
                + 10;
            let start = signed[first..].split(|byte| *byte == b'\n').next().unwrap();
            let mut cut = text;
            let start = std::str::from_utf8(start).unwrap();
            cut.splice(at..at + digits, format!("{start:0>digits$}").bytes());
            cut
        }),
    ]
}
