//! Makes the sample of training mode: `cargo run -p congvan-testkit --example training-sample -- FILE`.

use anyhow::{Context, Result};
use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, Letter, Stationery, day, letter_pdf};

fn main() -> Result<()> {
    let file = std::env::args().nth(1).context("name the file")?;
    let paragraph = |text: &str| Block::Paragraph(text.to_owned());
    let letter = Letter {
        stationery: Stationery {
            parent: Some("CƠ QUAN TẬP DƯỢT".to_owned()),
            agency: "PHÒNG TẬP DƯỢT".to_owned(),
            place: "Nơi tập dượt".to_owned(),
        },
        notation: "00/TB-TD".to_owned(),
        date: Some(day(2026, 1, 5)),
        kind: DocumentType::Announcement,
        subject: "Văn bản tập dượt ký số - không có giá trị pháp lý".to_owned(),
        addressees: Vec::new(),
        blocks: vec![
            paragraph(
                "Đây là văn bản mẫu để tập ký số với token mô phỏng. Văn bản này không có giá trị \
                 pháp lý, không được lưu trên máy và không được gửi đi.",
            ),
            paragraph(
                "Chữ ký trên văn bản này được tạo bằng chứng thư tập dượt, không cơ quan nào công \
                 nhận. Mã PIN của token mô phỏng hiện trên dải báo ở đầu màn hình.",
            ),
            paragraph(
                "Mỗi tình huống tập dượt làm token mô phỏng gặp một lỗi như trong thực tế: sai mã \
                 PIN, còn một lượt thử, token bị khoá, bị rút khi đang ký. Hãy đọc kỹ thông báo và \
                 làm theo cách xử lý được ghi trong đó.",
            ),
        ],
        recipients: vec!["- Người tập ký số;".to_owned()],
        authority: vec!["NGƯỜI TẬP KÝ".to_owned()],
        signer: "Không có giá trị pháp lý".to_owned(),
        urgency: Urgency::Normal,
    };
    std::fs::write(file, letter_pdf(&letter)?)?;
    Ok(())
}
