//! A register as a table for a spreadsheet.

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::{
    failed,
    sheet::{Cell, Sheet},
};
use crate::Result;

/// Row of the columns' names, after the title.
const HEAD: u32 = 4;

/// The workbook with one sheet.
pub(super) fn xlsx(register: &Sheet) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet
        .set_name(format!("{} {}", register.register.short(), register.year))
        .map_err(failed)?;
    title(sheet, register)?;
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    for (place, column) in (0_u16..).zip(&register.columns) {
        let (name, _, width) = column.head();
        sheet.set_column_width(place, width).map_err(failed)?;
        sheet
            .write_string_with_format(HEAD, place, name, &head)
            .map_err(failed)?;
    }
    let plain = Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let dated = plain.clone().set_num_format("dd/mm/yyyy");
    for (row, line) in (HEAD + 1..).zip(&register.lines) {
        for (place, cell) in (0_u16..).zip(line) {
            write(sheet, (row, place), cell, (&plain, &dated))?;
        }
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

fn title(sheet: &mut Worksheet, register: &Sheet) -> Result<()> {
    let strong = Format::new().set_bold().set_align(FormatAlign::Center);
    let last = u16::try_from(register.columns.len()).unwrap_or(10);
    let parts = [
        format!("Năm {}", register.year),
        register.book.clone(),
        register.only.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    for (row, words) in [
        (0, register.agency.to_uppercase()),
        (1, register.register.title().to_owned()),
        (2, parts.join(" – ")),
    ] {
        // A range of one cell cannot be merged.
        match last {
            0 | 1 => sheet.write_string_with_format(row, 0, &words, &strong),
            _ => sheet.merge_range(row, 0, row, last - 1, &words, &strong),
        }
        .map_err(failed)?;
    }
    Ok(())
}

/// Days and numbers are days and numbers, so that they sort; everything else is text, whatever it
/// begins with.
fn write(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    cell: &Cell,
    (plain, dated): (&Format, &Format),
) -> Result<()> {
    match cell {
        Cell::Day(date) => sheet.write_datetime_with_format(row, place, &excel(*date)?, dated),
        Cell::Number(number) => sheet.write_number_with_format(row, place, *number, plain),
        Cell::Words(words) => sheet.write_string_with_format(row, place, words, plain),
    }
    .map_err(failed)?;
    Ok(())
}

fn excel(date: Date) -> Result<ExcelDateTime> {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    let year = u16::try_from(date.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, part(date.month()), part(date.day())).map_err(failed)
}
