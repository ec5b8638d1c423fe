//! Papers to sign: pages that are one picture each, of any size.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use anyhow::Result;
use congvan_testkit::SplitMix;

/// A picture of one page: 250 by 400 points of grey that no filter makes smaller.
const PAGE_BYTES: usize = 250 * 400;

/// Writes a PDF of about `bytes` bytes.
pub(crate) fn write(path: &Path, bytes: u64) -> Result<()> {
    let pages = usize::try_from(bytes)?.div_ceil(PAGE_BYTES).max(1);
    let mut out = Counted {
        file: BufWriter::new(File::create(path)?),
        at: 0,
    };
    out.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
    let mut places = Vec::new();
    let mut random = SplitMix::new(bytes);
    out.object(&mut places, b"<</Type/Catalog/Pages 2 0 R>>")?;
    let kids: Vec<String> = (0..pages)
        .map(|page| format!("{} 0 R", 3 + page * 3))
        .collect();
    let tree = format!(
        "<</Type/Pages/Kids[{}]/Count {pages}/MediaBox[0 0 595.28 841.89]>>",
        kids.join(" ")
    );
    out.object(&mut places, tree.as_bytes())?;
    for page in 0..pages {
        let (content, image) = (4 + page * 3, 5 + page * 3);
        let body = format!(
            "<</Type/Page/Parent 2 0 R/Contents {content} 0 R/Resources<</XObject<</I {image} 0 R>>>>>>"
        );
        out.object(&mut places, body.as_bytes())?;
        let draw = "q 595.28 0 0 841.89 0 0 cm /I Do Q";
        let body = format!("<</Length {}>>\nstream\n{draw}\nendstream", draw.len());
        out.object(&mut places, body.as_bytes())?;
        let mut body = format!(
            "<</Type/XObject/Subtype/Image/Width 250/Height 400/ColorSpace/DeviceGray\
             /BitsPerComponent 8/Length {PAGE_BYTES}>>\nstream\n"
        )
        .into_bytes();
        for _ in 0..PAGE_BYTES / 8 {
            body.extend(random.bits().to_le_bytes());
        }
        body.extend(b"\nendstream");
        out.object(&mut places, &body)?;
    }
    let start = out.at;
    let size = places.len() + 1;
    out.put(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
    for place in &places {
        out.put(format!("{place:010} 00000 n \n").as_bytes())?;
    }
    out.put(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    )?;
    out.file.flush()?;
    Ok(())
}

struct Counted {
    file: BufWriter<File>,
    at: u64,
}

impl Counted {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn object(&mut self, places: &mut Vec<u64>, body: &[u8]) -> Result<()> {
        places.push(self.at);
        self.put(format!("{} 0 obj\n", places.len()).as_bytes())?;
        self.put(body)?;
        self.put(b"\nendobj\n")
    }
}

/// A page of words and a picture that no codec can shrink, so that every document has other bytes
/// and about so many.
pub(crate) fn one_page(number: u64, bytes: usize) -> Vec<u8> {
    let mut random = SplitMix::new(number + 1);
    let side = 256_usize;
    let rows = bytes.saturating_sub(1_500) / (side * 3);
    let pixels: Vec<u8> = (0..side * 3 * rows).map(|_| random.bits() as u8).collect();
    let text = format!(
        "BT /F1 14 Tf 72 760 Td (Van ban so {number}) Tj ET\nq 400 0 0 400 90 250 cm /I Do Q\n"
    );
    let mut pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    let mut object = |pdf: &mut Vec<u8>, head: String, stream: Option<&[u8]>| {
        places.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n{head}\n", places.len()).as_bytes());
        if let Some(stream) = stream {
            pdf.extend_from_slice(b"stream\n");
            pdf.extend_from_slice(stream);
            pdf.extend_from_slice(b"\nendstream\n");
        }
        pdf.extend_from_slice(b"endobj\n");
    };
    object(
        &mut pdf,
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        None,
    );
    object(
        &mut pdf,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        None,
    );
    object(
        &mut pdf,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources \
         << /Font << /F1 5 0 R >> /XObject << /I 6 0 R >> >> >>"
            .to_owned(),
        None,
    );
    object(
        &mut pdf,
        format!("<< /Length {} >>", text.len()),
        Some(text.as_bytes()),
    );
    object(
        &mut pdf,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        None,
    );
    object(
        &mut pdf,
        format!(
            "<< /Type /XObject /Subtype /Image /Width {side} /Height {rows} /ColorSpace /DeviceRGB \
             /BitsPerComponent 8 /Length {} >>",
            pixels.len()
        ),
        Some(&pixels),
    );
    let start = pdf.len();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        table.push_str(&format!("{place:010} 00000 n \n"));
    }
    table.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        places.len() + 1
    ));
    pdf.extend_from_slice(table.as_bytes());
    pdf
}
