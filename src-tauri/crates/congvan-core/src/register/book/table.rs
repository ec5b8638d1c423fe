//! The book as a table for a spreadsheet.

use congvan_store::BookLine;
use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::{COLUMNS, Cover, cells, failed};
use crate::Result;

/// Row of the columns' names, after the title.
const HEAD: u32 = 4;
/// Widths in characters.
const WIDTHS: [f64; 10] = [12.0, 10.0, 28.0, 20.0, 12.0, 52.0, 26.0, 12.0, 24.0, 26.0];

/// The workbook with one sheet.
pub(super) fn xlsx(cover: &Cover, lines: &[BookLine]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet
        .set_name(format!("Sổ đến {}", cover.year))
        .map_err(failed)?;
    title(sheet, cover)?;
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    for (column, (name, width)) in (0_u16..).zip(COLUMNS.into_iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width).map_err(failed)?;
        sheet
            .write_string_with_format(HEAD, column, name, &head)
            .map_err(failed)?;
    }
    let plain = Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let dated = plain.clone().set_num_format("dd/mm/yyyy");
    for (row, line) in (HEAD + 1..).zip(lines) {
        write(sheet, row, line, (&plain, &dated))?;
    }
    // On paper: across, as wide as the page, the head on every page.
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEAD, HEAD).map_err(failed)?;
    sheet.set_freeze_panes(HEAD + 1, 0).map_err(failed)?;
    sheet.set_footer("&CTrang &P/&N");
    workbook.save_to_buffer().map_err(failed)
}

fn title(sheet: &mut Worksheet, cover: &Cover) -> Result<()> {
    let strong = Format::new().set_bold().set_align(FormatAlign::Center);
    let last = u16::try_from(COLUMNS.len()).unwrap_or(10) - 1;
    let only = cover.activity.as_ref();
    let only = only.map(|name| format!(" – Lĩnh vực: {name}"));
    let only = only.unwrap_or_default();
    for (row, words) in [
        (0, cover.agency.to_uppercase()),
        (1, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN".to_owned()),
        (2, format!("Năm {} – {}{only}", cover.year, cover.book)),
    ] {
        sheet
            .merge_range(row, 0, row, last, &words, &strong)
            .map_err(failed)?;
    }
    Ok(())
}

/// Days and numbers are days and numbers, so that they sort; everything else is text, whatever it
/// begins with.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    line: &BookLine,
    (plain, dated): (&Format, &Format),
) -> Result<()> {
    let days = [Some(line.arrived_on), line.issued_on, line.passed_on];
    for (column, words) in (0_u16..).zip(cells(line)) {
        let date = match column {
            0 => days[0],
            4 => days[1],
            7 => days[2],
            _ => None,
        };
        match (date, column, line.number) {
            (Some(date), ..) => {
                sheet
                    .write_datetime_with_format(row, column, &excel(date)?, dated)
                    .map_err(failed)?;
            }
            (None, 1, Some(number)) => {
                sheet
                    .write_number_with_format(row, column, number, plain)
                    .map_err(failed)?;
            }
            (None, ..) => {
                sheet
                    .write_string_with_format(row, column, words, plain)
                    .map_err(failed)?;
            }
        }
    }
    Ok(())
}

fn excel(date: Date) -> Result<ExcelDateTime> {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    let year = u16::try_from(date.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, part(date.month()), part(date.day())).map_err(failed)
}
