/// One word, in dots of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct OcrWord {
    /// As read.
    pub text: String,
    /// Left edge.
    pub left: u32,
    /// Top edge.
    pub top: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// How sure Tesseract is, 0..1.
    pub confidence: f32,
}

/// Words that Tesseract put on one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OcrLine {
    /// From left to right.
    pub words: Vec<OcrWord>,
}

/// Reads Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height,
/// confidence, text. Only words (level 5) have text.
pub(crate) fn parse(table: &str) -> Vec<OcrLine> {
    let mut lines: Vec<OcrLine> = Vec::new();
    let mut last = None;
    for row in table.lines() {
        let columns: Vec<&str> = row.split('\t').collect();
        let &[
            "5",
            page,
            block,
            paragraph,
            line,
            _,
            left,
            top,
            width,
            height,
            confidence,
            text,
        ] = columns.as_slice()
        else {
            continue;
        };
        let (Ok(left), Ok(top), Ok(width), Ok(height)) =
            (left.parse(), top.parse(), width.parse(), height.parse())
        else {
            continue;
        };
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let percent: f32 = confidence.parse().unwrap_or(0.0);
        let word = OcrWord {
            text: text.to_owned(),
            left,
            top,
            width,
            height,
            confidence: (percent / 100.0).clamp(0.0, 1.0),
        };
        let here = (
            page.to_owned(),
            block.to_owned(),
            paragraph.to_owned(),
            line.to_owned(),
        );
        match lines.last_mut() {
            Some(line) if last.as_ref() == Some(&here) => line.words.push(word),
            Some(_) | None => lines.push(OcrLine { words: vec![word] }),
        }
        last = Some(here);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_grouped_by_their_line_and_empty_ones_left_out() {
        let table = "1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t\n\
                     5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.5\tSố:\n\
                     5\t1\t1\t1\t1\t2\t45\t20\t80\t12\t88\t12/UBND-VX\n\
                     5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t95\t \n\
                     5\t1\t2\t1\t1\t1\t10\t60\t30\t12\t95\tV/v\nbroken\n";
        let lines = parse(table);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].words[1].text, "12/UBND-VX");
        assert!((lines[0].words[0].confidence - 0.965).abs() < 0.001);
        assert_eq!(lines[1].words[0].top, 60);
    }
}
