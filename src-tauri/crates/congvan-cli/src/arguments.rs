use std::{path::PathBuf, process::ExitCode};

use clap::{
    Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
    error::{ContextKind, ContextValue, ErrorKind},
};
use congvan_model::Timestamp;
use congvan_pades::Level;

use crate::{
    clock, exit,
    fault::Fault,
    format::FormatOptions,
    intake::IntakeOptions,
    output::{self, Face},
    words::{Code, Language},
};

const TEMPLATE: &str = "\
{about}

Cách dùng: {usage}

{all-args}{after-help}";

const AFTER: &str = "
Mã thoát:
  0  làm xong đúng như yêu cầu; mọi chữ ký đều đạt
  1  có chữ ký không hợp lệ, tệp chưa có chữ ký, hoặc có tệp không làm được
  2  câu lệnh sai
  3  token, mã PIN hoặc khoá làm dừng cả lượt ký
  4  không có gì sai nhưng chưa đủ: chưa kiểm tra được hết, hoặc mạng không trả lời nên mức thấp hơn
  5  phần mềm thiếu thứ cần để chạy (chứng thư gốc, congvan-worker, tệp mẫu)
  130 bị ngắt bằng Ctrl-C (143: bị kill, 129: cửa sổ lệnh bị đóng); tệp dở dang đã được xoá

Mỗi lỗi có mã, chuyện gì xảy ra và việc cần làm. Tệp gốc không bao giờ bị sửa.
";

/// What the person typed.
#[derive(Debug, Parser)]
#[command(
    name = "congvan-cli",
    version,
    about = "Công Văn dòng lệnh: kiểm tra, xem, ký và nâng mức chữ ký số trên tệp PDF.",
    help_template = TEMPLATE,
    after_help = AFTER,
    override_usage = "congvan-cli LỆNH [TUỲ CHỌN] TỆP...",
    max_term_width = 100,
    subcommand_help_heading = "Lệnh",
    subcommand_value_name = "LỆNH",
    next_help_heading = "Tuỳ chọn",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    /// Ngôn ngữ của kết quả và thông báo lỗi [mặc định: vi]
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "vi",
        hide_possible_values = true,
        hide_default_value = true,
        value_name = "vi|en"
    )]
    lang: Language,
    /// In kết quả cho máy đọc: mỗi dòng một đối tượng JSON
    #[arg(long, global = true)]
    json: bool,
    /// Xem cách dùng
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// Xem phiên bản
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one of them per run")]
pub(crate) enum Command {
    /// Kiểm tra mọi chữ ký của các tệp: hợp lệ, không hợp lệ, hay chưa kiểm tra được
    #[command(help_template = TEMPLATE, next_help_heading = "Tuỳ chọn",
        override_usage = "congvan-cli verify [TUỲ CHỌN] TỆP...")]
    Verify(VerifyOptions),
    /// Xem tệp trước khi ký: số trang, khổ giấy, chữ ký, ô chữ ký trống, điều cấm ký
    #[command(help_template = TEMPLATE, next_help_heading = "Tuỳ chọn",
        override_usage = "congvan-cli inspect [TUỲ CHỌN] TỆP...")]
    Inspect(InspectOptions),
    /// Ký một hay nhiều tệp bằng token, nhập PIN một lần
    #[command(help_template = TEMPLATE, next_help_heading = "Tuỳ chọn", after_help = SIGN_AFTER,
        override_usage = SIGN_USAGE)]
    Sign(SignOptions),
    /// Nâng mức chữ ký của tệp đã ký: thêm dấu thời gian và dữ liệu kiểm tra, không cần token
    #[command(help_template = TEMPLATE, next_help_heading = "Tuỳ chọn",
        override_usage = COMPLETE_USAGE)]
    Complete(CompleteOptions),
    /// Lấy lại khoá dữ liệu trên máy bằng khoá khôi phục của cơ quan, khi kho khoá của máy đã mất
    #[command(help_template = TEMPLATE, next_help_heading = "Tuỳ chọn", after_help = RECOVER_AFTER,
        override_usage = "congvan-cli recover --user TÊN --key TỆP [TUỲ CHỌN]")]
    Recover(RecoverOptions),
    /// Đọc văn bản quét: cơ quan, số ký hiệu, ngày, loại, trích yếu, người ký; kèm độ tin cậy
    #[command(help_template = TEMPLATE, next_help_heading = "Tuỳ chọn",
        override_usage = "congvan-cli intake [TUỲ CHỌN] TỆP-HOẶC-THƯ-MỤC...")]
    Intake(IntakeOptions),
    /// Kiểm tra thể thức theo Nghị định 30/2020/NĐ-CP: khổ giấy, lề, phông, cỡ chữ, số, ngày, nơi nhận
    #[command(help_template = TEMPLATE, next_help_heading = "Tuỳ chọn", after_help = FORMAT_AFTER,
        override_usage = "congvan-cli format [TUỲ CHỌN] TỆP...")]
    Format(FormatOptions),
}

const FORMAT_AFTER: &str = "
Mã thoát: 0 khi mọi tệp đã kiểm tra hết và không sai; 1 khi có chỗ sai hoặc tệp không đọc được; 4 khi
không thấy sai nhưng có trang là ảnh nên chưa kiểm tra được.
";

const RECOVER_AFTER: &str = "
Đóng phần mềm Công Văn trước khi chạy. Chạy dưới đúng người dùng của máy (Windows, Linux) sẽ dùng
phần mềm. Không có gì bị xoá, kể cả khi khoá sai.
Khi khoá khôi phục nằm trong thẻ hoặc HSM: giải mã trường “wrapped” của tệp desk.recovery bằng
RSA-OAEP (SHA-256) rồi đưa 32 byte thu được vào --unwrapped.
";

const SIGN_USAGE: &str = "\
congvan-cli sign --module THƯ_VIỆN --token NHÃN --pin-env BIẾN --role VAI_TRÒ [TUỲ CHỌN] VÀO RA
           congvan-cli sign ... --out-dir THƯ_MỤC VÀO...
           congvan-cli sign ... --list DANH_SÁCH";

const COMPLETE_USAGE: &str = "\
congvan-cli complete --level MỨC [--tsa URL] [TUỲ CHỌN] VÀO RA
           congvan-cli complete ... --out-dir THƯ_MỤC VÀO...
           congvan-cli complete ... --list DANH_SÁCH";

const SIGN_AFTER: &str = "
Ví dụ:
  export PIN=...      (không ghi mã PIN vào câu lệnh)
  congvan-cli sign --module /usr/lib/libbit4xpki.so --token \"VGCA\" --pin-env PIN \\
      --role leader --image chu-ky.png vao.pdf ra.pdf
  congvan-cli sign ... --role none --out-dir da-ky *.pdf
";

/// Whom to trust.
#[derive(Args, Debug)]
pub(crate) struct TrustOptions {
    /// Chứng thư tin cậy, PEM hoặc DER; dùng được nhiều lần. Chứng thư tự ký là gốc, chứng thư
    /// khác chỉ dùng để dựng chuỗi
    #[arg(long, value_name = "TỆP")]
    pub(crate) trust: Vec<PathBuf>,
    /// Thư mục chứng thư tin cậy khi không có --trust [mặc định: /etc/congvan/trust, trên Windows
    /// là %ProgramData%\CongVan\trust]
    #[arg(long, value_name = "THƯ MỤC")]
    pub(crate) trust_dir: Option<PathBuf>,
}

/// `verify`.
#[derive(Args, Debug)]
pub(crate) struct VerifyOptions {
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    /// Kiểm tra như ở thời điểm này, ví dụ 2026-01-05T08:14:00+07:00 hoặc 2026-01-05 (hết ngày)
    /// [mặc định: bây giờ]
    #[arg(long, value_name = "THỜI ĐIỂM", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    /// Dữ liệu kiểm tra có sẵn (chứng thư, trả lời OCSP, danh sách thu hồi), PEM hoặc DER; dùng
    /// được nhiều lần. Lệnh này không dùng mạng
    #[arg(long, value_name = "TỆP")]
    pub(crate) evidence: Vec<PathBuf>,
    /// Các tệp PDF
    #[arg(required = true, value_name = "TỆP", help_heading = "Tệp")]
    pub(crate) files: Vec<PathBuf>,
}

/// `inspect`.
#[derive(Args, Debug)]
pub(crate) struct InspectOptions {
    /// Các tệp PDF
    #[arg(required = true, value_name = "TỆP", help_heading = "Tệp")]
    pub(crate) files: Vec<PathBuf>,
}

/// Which files become which.
#[derive(Args, Debug)]
pub(crate) struct FileOptions {
    /// Thư mục ra khi có nhiều tệp; tên tệp giữ nguyên
    #[arg(
        long,
        value_name = "THƯ MỤC",
        conflicts_with = "list",
        help_heading = "Tệp"
    )]
    pub(crate) out_dir: Option<PathBuf>,
    /// Danh sách cặp tệp, mỗi dòng: tệp vào, dấu Tab, tệp ra; “-” là đầu vào chuẩn
    #[arg(
        long,
        value_name = "TỆP",
        conflicts_with = "files",
        help_heading = "Tệp"
    )]
    pub(crate) list: Option<PathBuf>,
    /// Ghi đè tệp ra đã có
    #[arg(long, help_heading = "Tệp")]
    pub(crate) overwrite: bool,
    /// Không chờ ổ đĩa ghi xong mới báo đã ký: nhanh hơn, mất điện thì có thể mất tệp ra
    #[arg(long, help_heading = "Tệp")]
    pub(crate) no_sync: bool,
    /// Tệp vào và tệp ra; với --out-dir: các tệp vào
    #[arg(value_name = "TỆP", help_heading = "Tệp")]
    pub(crate) files: Vec<PathBuf>,
}

/// Who signs in what capacity (Decree 30/2020, Appendix I).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// The leader: the picture of the signature.
    Leader,
    /// Initials of whoever checked it.
    Initials,
    /// The organisation's seal.
    Seal,
    /// The organisation on a scanned or electronic copy.
    Copy,
    /// The organisation on a separate appendix.
    Appendix,
    /// Nothing to be seen.
    None,
}

/// A form of copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// SAO Y.
    True,
    /// SAO LỤC.
    OfCopy,
    /// TRÍCH SAO.
    Extract,
}

/// `sign`.
#[derive(Args, Debug)]
pub(crate) struct SignOptions {
    /// Thư viện PKCS#11 của token (.so, .dll, .dylib)
    #[arg(long, value_name = "THƯ VIỆN", help_heading = "Token")]
    pub(crate) module: PathBuf,
    /// Tham số khởi tạo mà thư viện đòi; ví dụ với NSS: configdir='sql:.pki/nssdb'
    #[arg(long, value_name = "VĂN BẢN", help_heading = "Token")]
    pub(crate) module_parameters: Option<String>,
    /// Nhãn hoặc số sê-ri của token
    #[arg(long, value_name = "NHÃN", help_heading = "Token")]
    pub(crate) token: String,
    /// SHA-256 của chứng thư [mặc định: chứng thư duy nhất ký được trong token]
    #[arg(long, value_name = "SHA256", value_parser = fingerprint, help_heading = "Token")]
    pub(crate) cert: Option<[u8; 32]>,
    /// Tên biến môi trường chứa mã PIN; bỏ trống khi nhập PIN trên đầu đọc
    #[arg(long, value_name = "BIẾN", help_heading = "Token")]
    pub(crate) pin_env: Option<String>,
    /// Đồng ý dùng lượt thử PIN cuối cùng; sai lần này token sẽ bị khoá
    #[arg(long, help_heading = "Token")]
    pub(crate) final_try: bool,
    #[command(flatten)]
    pub(crate) look: LookOptions,
    /// Mức cần đạt: b-b, b-t, b-lt, b-lta. Mạng chỉ được hỏi sau khi đã ký xong; không có mạng thì
    /// chữ ký giữ mức b-b và nâng mức sau bằng lệnh complete
    #[arg(
        long,
        value_enum,
        default_value = "b-b",
        hide_possible_values = true,
        hide_default_value = true,
        value_name = "MỨC",
        help_heading = "Mức chữ ký"
    )]
    pub(crate) level: Target,
    /// Máy chủ cấp dấu thời gian (RFC 3161); dùng được nhiều lần, theo thứ tự ưu tiên
    #[arg(long, value_name = "URL", help_heading = "Mức chữ ký")]
    pub(crate) tsa: Vec<String>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    #[command(flatten)]
    pub(crate) files: FileOptions,
}

/// A level by the name of EN 319 142-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// The signature alone.
    #[value(name = "b-b")]
    BB,
    /// With a time stamp.
    #[value(name = "b-t")]
    BT,
    /// With the evidence for validation inside.
    #[value(name = "b-lt")]
    BLt,
    /// With a time stamp over that.
    #[value(name = "b-lta")]
    BLta,
}

impl Target {
    /// The same for the engine.
    pub(crate) fn level(self) -> Level {
        match self {
            Self::BB => Level::BB,
            Self::BT => Level::BT,
            Self::BLt => Level::BLT,
            Self::BLta => Level::BLTA,
        }
    }
}

/// `complete`.
#[derive(Args, Debug)]
pub(crate) struct CompleteOptions {
    /// Mức cần đạt: b-t, b-lt, b-lta
    #[arg(long, value_enum, hide_possible_values = true, value_name = "MỨC")]
    pub(crate) level: Target,
    /// Máy chủ cấp dấu thời gian (RFC 3161); dùng được nhiều lần, theo thứ tự ưu tiên
    #[arg(long, value_name = "URL")]
    pub(crate) tsa: Vec<String>,
    /// Dữ liệu kiểm tra có sẵn (trả lời OCSP, danh sách thu hồi), PEM hoặc DER; thiếu mới lấy từ
    /// mạng
    #[arg(long, value_name = "TỆP")]
    pub(crate) evidence: Vec<PathBuf>,
    /// Làm như ở thời điểm này, ví dụ 2026-01-05T08:14:00+07:00 [mặc định: bây giờ]
    #[arg(long, value_name = "THỜI ĐIỂM", value_parser = instant)]
    pub(crate) at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) trust: TrustOptions,
    #[command(flatten)]
    pub(crate) files: FileOptions,
}

/// `recover`.
#[derive(Args, Debug)]
pub(crate) struct RecoverOptions {
    /// Tên tài khoản của người bị mất khoá
    #[arg(long, value_name = "TÊN")]
    pub(crate) user: String,
    /// Khoá bí mật khôi phục của cơ quan, PEM (BEGIN PRIVATE KEY, không đặt mật khẩu)
    #[arg(long, value_name = "TỆP", required_unless_present = "unwrapped")]
    pub(crate) key: Option<PathBuf>,
    /// Thay cho --key: tệp 32 byte đã giải mã bằng thẻ hoặc HSM
    #[arg(long, value_name = "TỆP", conflicts_with = "key")]
    pub(crate) unwrapped: Option<PathBuf>,
    /// Địa chỉ máy chủ, khi tài khoản đã dùng với nhiều máy chủ
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Thư mục dữ liệu của phần mềm [mặc định: của người dùng đang chạy lệnh này]
    #[arg(long, value_name = "THƯ MỤC")]
    pub(crate) data: Option<PathBuf>,
    /// Chỉ thử khoá, không ghi vào kho khoá của máy
    #[arg(long)]
    pub(crate) check: bool,
}

/// What the signature looks like, and where.
#[derive(Args, Debug)]
pub(crate) struct LookOptions {
    /// Vai trò: leader (lãnh đạo), initials (ký nháy), seal (con dấu cơ quan), copy (bản sao),
    /// appendix (phụ lục riêng), none (không hiển thị)
    #[arg(
        long,
        value_enum,
        hide_possible_values = true,
        value_name = "VAI TRÒ",
        help_heading = "Hình thức"
    )]
    pub(crate) role: Role,
    /// Tệp mẫu chữ ký (JSON) [mặc định: mẫu theo Nghị định 30 của vai trò]
    #[arg(long, value_name = "TỆP", help_heading = "Hình thức")]
    pub(crate) template: Option<PathBuf>,
    /// Ảnh chữ ký hoặc con dấu, PNG nền trong suốt
    #[arg(long, value_name = "PNG", help_heading = "Hình thức")]
    pub(crate) image: Option<PathBuf>,
    /// Trang đặt khung: 1 là trang đầu, last là trang cuối [mặc định: last]
    #[arg(long, value_name = "TRANG", value_parser = page, requires = "rect", help_heading = "Hình thức")]
    pub(crate) page: Option<Page>,
    /// Khung chữ ký, mm tính từ góc trên bên trái trang: trái,trên,rộng,cao [mặc định: tìm chỗ theo
    /// mẫu, ví dụ giữa chức vụ và tên người ký]
    #[arg(long, value_name = "X,Y,R,C", value_parser = rectangle, help_heading = "Hình thức")]
    pub(crate) rect: Option<[f64; 4]>,
    /// Điền vào ô chữ ký trống có sẵn tên này
    #[arg(long, value_name = "TÊN", conflicts_with_all = ["page", "rect"], help_heading = "Hình thức")]
    pub(crate) field: Option<String>,
    /// Họ tên người ký như trên văn bản, để tìm chỗ ký [mặc định: tên trong chứng thư]
    #[arg(long, value_name = "HỌ TÊN", help_heading = "Hình thức")]
    pub(crate) name: Option<String>,
    /// Chức vụ người ký như trên văn bản, để tìm chỗ ký
    #[arg(long, value_name = "CHỨC VỤ", help_heading = "Hình thức")]
    pub(crate) position: Option<String>,
    /// Số và ký hiệu của văn bản chính, cho appendix
    #[arg(long, value_name = "SỐ/KÝ HIỆU", help_heading = "Hình thức")]
    pub(crate) notation: Option<String>,
    /// Tên cơ quan, cho copy [mặc định: tên trong chứng thư]
    #[arg(long, value_name = "CƠ QUAN", help_heading = "Hình thức")]
    pub(crate) agency: Option<String>,
    /// Hình thức sao, cho copy: true (SAO Y), of-copy (SAO LỤC), extract (TRÍCH SAO)
    #[arg(
        long,
        value_enum,
        default_value = "true",
        hide_possible_values = true,
        hide_default_value = true,
        value_name = "HÌNH THỨC",
        help_heading = "Hình thức"
    )]
    pub(crate) form: Form,
    /// Lý do ký, ghi trong chữ ký
    #[arg(long, value_name = "LÝ DO", help_heading = "Hình thức")]
    pub(crate) reason: Option<String>,
    /// Nơi ký, ghi trong chữ ký
    #[arg(long, value_name = "NƠI KÝ", help_heading = "Hình thức")]
    pub(crate) location: Option<String>,
}

/// A page by number or from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// From 0.
    Number(usize),
    /// The last.
    Last,
}

/// The command and how to speak of it.
pub(crate) struct Run {
    pub(crate) face: Face,
    pub(crate) command: Command,
}

/// Reads the command line. What is not a run, as help or a mistake, has been said already.
pub(crate) fn read() -> Result<Run, ExitCode> {
    // Mistakes are told in the language asked for, before anything can be parsed.
    let raw: Vec<String> = std::env::args().collect();
    let is_english = raw.iter().any(|one| one == "--lang=en")
        || raw.windows(2).any(|two| two == ["--lang", "en"]);
    let face = Face {
        language: if is_english {
            Language::En
        } else {
            Language::Vi
        },
        is_json: raw.iter().any(|one| one == "--json"),
    };
    let parsed = Arguments::command()
        .try_get_matches()
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    match parsed {
        Ok(arguments) => Ok(Run {
            face: Face {
                language: arguments.lang,
                is_json: arguments.json,
            },
            command: arguments.command,
        }),
        Err(error) => Err(refuse(&error, face, raw.get(1).map_or("", String::as_str))),
    }
}

fn refuse(error: &clap::Error, face: Face, command: &str) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        output::say(&error.render().to_string());
        return ExitCode::from(exit::DONE);
    }
    let names = ["verify", "inspect", "sign", "complete", "recover"];
    let fault = Fault::new(Code::Arguments)
        .with("detail", mistake(error, face.language))
        .with(
            "command",
            names.iter().find(|name| **name == command).unwrap_or(&""),
        );
    output::complain(face, &fault);
    ExitCode::from(exit::USAGE)
}

/// A mistake of the command line in the person's language.
fn mistake(error: &clap::Error, language: Language) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        Some(_) | None => String::new(),
    };
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let vi = language == Language::Vi;
    #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign, growing enum")]
    match error.kind() {
        ErrorKind::UnknownArgument if vi => format!("không có tuỳ chọn {argument}"),
        ErrorKind::UnknownArgument => format!("there is no option {argument}"),
        ErrorKind::MissingRequiredArgument if vi => format!("thiếu {argument}"),
        ErrorKind::MissingRequiredArgument => format!("{argument} is missing"),
        ErrorKind::InvalidSubcommand if vi => {
            format!("không có lệnh {}", text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidSubcommand => {
            format!(
                "there is no command {}",
                text(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            if vi =>
        {
            "chưa chọn lệnh".to_owned()
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "no command is given".to_owned()
        }
        ErrorKind::ArgumentConflict if vi => {
            format!(
                "{argument} không dùng chung với {}",
                text(ContextKind::PriorArg)
            )
        }
        ErrorKind::ArgumentConflict => {
            format!(
                "{argument} does not go with {}",
                text(ContextKind::PriorArg)
            )
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if vi => {
            format!("giá trị “{value}” của {argument} không dùng được")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("the value “{value}” of {argument} cannot be used")
        }
        other => format!("{other} {argument}"),
    }
}

fn instant(text: &str) -> Result<Timestamp, String> {
    clock::parse(text).ok_or_else(|| "no instant".to_owned())
}

/// 64 hexadecimal digits; colons between them, as many programs print them, do not matter.
fn fingerprint(text: &str) -> Result<[u8; 32], String> {
    let wrong = || "not a SHA-256".to_owned();
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| !matches!(letter, ':' | ' '))
        .map(|letter| letter.to_digit(16).ok_or_else(wrong))
        .collect::<Result<_, _>>()?;
    if digits.len() != 64 {
        return Err(wrong());
    }
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
        *byte = pair.iter().fold(0, |byte, digit| {
            (byte << 4) | u8::try_from(*digit).unwrap_or(0)
        });
    }
    Ok(hash)
}

fn page(text: &str) -> Result<Page, String> {
    if text == "last" {
        return Ok(Page::Last);
    }
    let number: usize = text.parse().map_err(|_| "no page".to_owned())?;
    let number = number.checked_sub(1).ok_or("pages begin with 1")?;
    Ok(Page::Number(number))
}

fn rectangle(text: &str) -> Result<[f64; 4], String> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|one| {
            one.trim()
                .parse::<f64>()
                .map_err(|_| "no number".to_owned())
        })
        .collect::<Result<_, _>>()?;
    match numbers.as_slice() {
        [x, y, width, height]
            if numbers.iter().all(|one| one.is_finite()) && *width > 0.0 && *height > 0.0 =>
        {
            Ok([*x, *y, *width, *height])
        }
        _ => Err("four numbers".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_arguments_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn fingerprints_are_read_as_programs_print_them() {
        let plain = "00ff".repeat(16);
        let colons = vec!["00:FF"; 16].join(":");
        assert_eq!(fingerprint(&plain), fingerprint(&colons));
        assert_eq!(fingerprint(&plain).unwrap()[..2], [0, 255]);
        assert!(fingerprint("00ff").is_err());
        assert!(fingerprint(&"zz".repeat(32)).is_err());
    }

    #[test]
    fn places_are_millimetres_and_pages_begin_with_one() {
        assert_eq!(rectangle("1, 2.5,3,4"), Ok([1.0, 2.5, 3.0, 4.0]));
        for wrong in ["1,2,3", "1,2,0,4", "1,2,x,4", "1,2,inf,4", ""] {
            assert!(rectangle(wrong).is_err(), "{wrong}");
        }
        assert_eq!(page("1"), Ok(Page::Number(0)));
        assert_eq!(page("last"), Ok(Page::Last));
        assert!(page("0").is_err());
    }
}
