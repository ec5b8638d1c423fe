use std::{fs, path::Path, process::Command};

use congvan_testkit::PEOPLE;

use crate::{office::Office, process::programs};

/// Opens the desk for a person to try: starts the province with a token beside it, says who can
/// log in, and stays until the desk is closed. Earlier data in the folder goes.
pub(crate) async fn open(folder: &Path) -> anyhow::Result<()> {
    let root = folder.join("office");
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    println!("Đang dựng máy chủ tỉnh và token mô phỏng…");
    let office = Office::open(&root).await?;
    println!("\nMáy chủ tỉnh: {}\n", office.url);
    println!("  Tài khoản     Mật khẩu           Người dùng");
    for person in PEOPLE {
        println!(
            "  {:<13} {:<18} {} ({})",
            person.username, person.password, person.full_name, person.title
        );
    }
    println!("\n  PIN của token (người ký: lanhdao): {}", office.pin());
    println!(
        "\nĐóng cửa sổ để kết thúc. Nhật ký: {}",
        office.logs().display()
    );
    let mut desk = Command::new(programs()?.join("congvan"));
    let status = desk.envs(office.environment()).status()?;
    anyhow::ensure!(status.success(), "the desk ended with {status}");
    Ok(())
}
