/// The language of everything that a person reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// Whose fault it is, which decides how far a batch goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// The command line.
    Usage,
    /// One file: the next may do.
    File,
    /// Token, PIN or key: nothing more is signed.
    Token,
    /// The network: costs a level, never a signature.
    Network,
    /// What the program needs to work at all.
    Setup,
}

macro_rules! codes {
    ($($name:ident = $code:literal $scope:ident
        { $vi:literal $vi_todo:literal $en:literal $en_todo:literal })*) => {
        /// Every fault. Where the desk knows the same one, the code is the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Code { $($name,)* }

        impl Code {
            /// All of them, for the test of the catalogue.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as scripts see it.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope,)* }
            }

            /// What happened, with places for facts.
            pub(crate) fn what_happened(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Vi) => $vi, (Self::$name, Language::En) => $en,)*
                }
            }

            /// What to do now.
            pub(crate) fn what_to_do(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Vi) => $vi_todo,
                      (Self::$name, Language::En) => $en_todo,)*
                }
            }
        }
    };
}

codes! {
    Arguments = "ARGUMENTS" Usage {
        "Câu lệnh chưa đúng: {detail}."
        "Xem cách dùng: congvan-cli {command} --help."
        "The command is not right: {detail}."
        "See congvan-cli {command} --help." }
    FileUnreadable = "FILE_UNREADABLE" File {
        "Không đọc được tệp {path}: {detail}."
        "Kiểm tra đường dẫn và quyền đọc."
        "The file {path} cannot be read: {detail}."
        "Check the path and the permission to read it." }
    PdfCorrupt = "PDF_CORRUPT" File {
        "Tệp bị hỏng hoặc không phải PDF: {detail}."
        "Đề nghị nơi gửi gửi lại văn bản, kèm số ký hiệu."
        "The file is damaged or no PDF: {detail}."
        "Ask the sender for the document again." }
    PdfPassword = "PDF_PASSWORD" File {
        "Tệp PDF được bảo vệ bằng mật khẩu hoặc quyền hạn nên không xử lý được: {detail}."
        "Đề nghị nơi gửi gửi lại bản không đặt mật khẩu."
        "The PDF is protected by a password or by rights management: {detail}."
        "Ask the sender for a copy without a password." }
    NoSuchPage = "NO_SUCH_PAGE" File {
        "Tệp không có trang này: {detail}."
        "Chọn lại trang bằng --page (trang đầu là 1, trang cuối là last)."
        "The file has no such page: {detail}."
        "Choose another with --page (the first is 1, the last is last)." }
    NoSuchField = "NO_SUCH_FIELD" File {
        "Tệp không có ô chữ ký tên này."
        "Xem các ô chữ ký trống bằng: congvan-cli inspect TỆP."
        "The file has no signature field of that name."
        "List the empty ones with: congvan-cli inspect FILE." }
    FieldSigned = "FIELD_SIGNED" File {
        "Ô chữ ký này đã có chữ ký."
        "Chọn ô khác, hoặc bỏ --field để phần mềm tạo ô mới."
        "That signature field is signed already."
        "Choose another, or leave --field out for a new one." }
    PlaceNotFound = "PLACE_NOT_FOUND" File {
        "Không tìm thấy chỗ đặt chữ ký “{text}” trong văn bản."
        "Chỉ rõ chỗ bằng --page và --rect, hoặc sửa --name và --position cho đúng như trong văn bản."
        "The place “{text}” for the signature was not found in the document."
        "Name it with --page and --rect, or give --name and --position as in the document." }
    PageFailed = "PAGE_FAILED" File {
        "Không đọc được chữ trên trang để tìm chỗ ký: {detail}."
        "Chỉ rõ chỗ bằng --page và --rect."
        "The page's text could not be read to find the place: {detail}."
        "Name the place with --page and --rect." }
    SignRefused = "SIGN_REFUSED" File {
        "Văn bản không cho ký thêm: {reason}."
        "Trả lại nơi soạn để sửa rồi trình lại, hoặc chọn tệp khác."
        "The document admits no such signature: {reason}."
        "Send it back to its author, or choose another file." }
    SignVerifyFailed = "SIGN_VERIFY_FAILED" File {
        "Chữ ký vừa tạo không đạt khi phần mềm tự kiểm tra lại nên không ghi gì: {detail}."
        "Làm lại. Nếu lặp lại, gửi tệp và mã này cho nhóm phát triển."
        "The new signature did not pass our own check, so nothing was written: {detail}."
        "Try again. If it happens again, report the file and this code." }
    OutputExists = "OUTPUT_EXISTS" File {
        "Đã có tệp {path}; phần mềm không ghi đè."
        "Chọn tên khác, xoá tệp cũ, hoặc thêm --overwrite."
        "{path} exists already and is not overwritten."
        "Choose another name, delete it, or add --overwrite." }
    OutputIsInput = "OUTPUT_IS_INPUT" File {
        "Tệp ra trùng với tệp vào: {path}."
        "Chọn tên khác cho tệp ra; bản gốc luôn được giữ nguyên."
        "The output is the input: {path}."
        "Choose another output; the original is always kept." }
    OutputFailed = "OUTPUT_FAILED" File {
        "Không ghi được {path}: {detail}."
        "Kiểm tra thư mục và quyền ghi."
        "{path} could not be written: {detail}."
        "Check the folder and the permission to write there." }
    DiskFull = "DISK_FULL" File {
        "Ổ đĩa đã đầy nên không ghi được {path}."
        "Giải phóng dung lượng ổ đĩa rồi làm lại."
        "The disk is full; {path} was not written."
        "Free some space and do it again." }
    NothingToComplete = "NOTHING_TO_COMPLETE" File {
        "Tệp không có chữ ký nào cần hoặc có thể nâng mức."
        "Kiểm tra tệp bằng: congvan-cli verify TỆP."
        "The file has no signature that needs or admits completing."
        "Check it with: congvan-cli verify FILE." }
    ImageUnusable = "IMAGE_UNUSABLE" Setup {
        "Không dùng được ảnh chữ ký hoặc con dấu: {detail}."
        "Dùng ảnh PNG nền trong suốt."
        "The picture cannot be used: {detail}."
        "Use a PNG with a transparent ground." }
    TemplateUnusable = "TEMPLATE_UNUSABLE" Setup {
        "Không dùng được mẫu chữ ký {path}: {detail}."
        "Sửa tệp mẫu, hoặc xuất lại mẫu từ phần mềm Công Văn."
        "The template {path} cannot be used: {detail}."
        "Mend it, or export it again from the desk." }
    TrustMissing = "TRUST_MISSING" Setup {
        "Chưa có chứng thư gốc nào để tin cậy."
        "Thêm --trust CA.pem, hoặc đặt chứng thư gốc vào thư mục {path}."
        "There is no trusted root certificate."
        "Add --trust CA.pem, or put the roots into {path}." }
    TrustUnreadable = "TRUST_UNREADABLE" Setup {
        "Không đọc được chứng thư trong {path}: {detail}."
        "Dùng tệp chứng thư dạng PEM hoặc DER."
        "No certificate can be read from {path}: {detail}."
        "Use certificates in PEM or DER." }
    WorkerMissing = "WORKER_MISSING" Setup {
        "Không tìm thấy chương trình congvan-worker ở {path}."
        "Cài lại phần mềm, hoặc chỉ đường dẫn bằng biến CONGVAN_WORKER."
        "The program congvan-worker is not at {path}."
        "Install again, or name it in the variable CONGVAN_WORKER." }
    WorkerFailed = "WORKER_FAILED" Setup {
        "Chương trình phụ không chạy được: {detail}."
        "Khởi động lại máy; nếu lặp lại, cài lại phần mềm."
        "A helper program does not run: {detail}."
        "Restart the machine; if it happens again, install again." }
    OcrMissing = "OCR_MISSING" Setup {
        "Chưa nhận dạng được chữ trên ảnh quét: {detail}."
        "Cài Tesseract và gói tiếng Việt (tesseract-ocr, tesseract-ocr-vie), hoặc chỉ thư viện bằng biến CONGVAN_TESSERACT."
        "Scanned text cannot be read: {detail}."
        "Install Tesseract with its Vietnamese model (tesseract-ocr, tesseract-ocr-vie), or name its library in the variable CONGVAN_TESSERACT." }
    ScanUnreadable = "SCAN_UNREADABLE" File {
        "Không đọc được tệp quét {path}: {detail}."
        "Quét lại, hoặc chọn tệp PDF, TIFF, JPEG hay PNG khác."
        "The scan {path} cannot be read: {detail}."
        "Scan it again, or choose another PDF, TIFF, JPEG or PNG." }
    ModuleNotFound = "MODULE_NOT_FOUND" Token {
        "Không tìm thấy phần mềm của thiết bị ký: {detail}."
        "Cài phần mềm điều khiển token rồi chỉ đúng tệp thư viện bằng --module."
        "The token's software was not found: {detail}."
        "Install it and name its library with --module." }
    ModuleFailed = "MODULE_FAILED" Token {
        "Phần mềm của thiết bị ký báo lỗi: {detail}."
        "Rút token, cắm lại rồi làm lại. Nếu lặp lại, cài lại phần mềm điều khiển token."
        "The token's software failed: {detail}."
        "Pull the token, plug it in and try again; then install its software anew." }
    ModuleArchitecture = "MODULE_ARCHITECTURE" Token {
        "Phần mềm của thiết bị ký dành cho loại máy khác: {detail}."
        "Cài bản 64 bit của phần mềm điều khiển token."
        "The token's software is for another kind of machine: {detail}."
        "Install its 64-bit version." }
    TokenAbsent = "TOKEN_ABSENT" Token {
        "Không thấy token {token}."
        "Cắm token, chờ đèn sáng rồi làm lại. Nhãn hoặc số sê-ri trong --token phải đúng."
        "The token {token} is not there."
        "Plug it in and try again; --token is its label or serial number." }
    TokenChoice = "TOKEN_CHOICE" Token {
        "Có nhiều token cùng nhãn {token}."
        "Ghi số sê-ri vào --token: {serials}."
        "Several tokens have the label {token}."
        "Give the serial number to --token: {serials}." }
    TokenRemoved = "TOKEN_REMOVED" Token {
        "Token bị rút hoặc phiên ký đã kết thúc: {detail}."
        "Cắm lại token rồi ký tiếp các tệp chưa ký."
        "The token was pulled, or its session has ended: {detail}."
        "Plug it in again and sign the files that are left." }
    PinNotGiven = "PIN_NOT_GIVEN" Token {
        "Chưa có mã PIN trong biến môi trường {variable}."
        "Đặt biến đó rồi chỉ tên biến bằng --pin-env. Không ghi mã PIN vào câu lệnh."
        "There is no PIN in the environment variable {variable}."
        "Set it and name it with --pin-env. Never write the PIN into the command." }
    PinIncorrect = "PIN_INCORRECT" Token {
        "Sai mã PIN. Token mất một lượt thử; phần mềm không tự thử lại."
        "Nhớ lại thật chắc mã PIN rồi mới chạy lại. Nhập sai nhiều lần token sẽ bị khoá."
        "The PIN is wrong. A try is spent; it is not tried again by itself."
        "Be sure of the PIN before running again: more wrong ones lock the token." }
    PinFinalTry = "PIN_FINAL_TRY" Token {
        "Token chỉ còn một lượt thử mã PIN nên phần mềm chưa thử."
        "Chỉ khi chắc chắn về mã PIN mới chạy lại với --final-try. Nếu không, đề nghị nơi cấp đặt lại PIN."
        "One try for the PIN is left, so it was not tried."
        "Only when you are sure of it, run again with --final-try." }
    PinLocked = "PIN_LOCKED" Token {
        "Token đã bị khoá vì nhập sai mã PIN nhiều lần."
        "Gửi phiếu đề nghị mở khoá thiết bị tới cơ quan quản lý thuê bao."
        "The token is locked after wrong PINs."
        "Ask the issuer to unlock it." }
    PinLength = "PIN_LENGTH" Token {
        "Mã PIN phải dài từ {min} đến {max} ký tự; token chưa mất lượt thử nào."
        "Kiểm tra giá trị của biến môi trường."
        "The PIN must have {min} to {max} characters; no try was spent."
        "Check the value of the environment variable." }
    PinNotSet = "PIN_NOT_SET" Token {
        "Token chưa được đặt mã PIN."
        "Đặt mã PIN bằng phần mềm của nơi cấp token."
        "Nobody has set a PIN on the token yet."
        "Set it with the issuer's software." }
    PinCancelled = "PIN_CANCELLED" Token {
        "Đã huỷ nhập PIN trên đầu đọc."
        "Chạy lại khi sẵn sàng."
        "Cancelled on the reader."
        "Run again when you are ready." }
    CertificateMissing = "CERTIFICATE_MISSING" Token {
        "Không thấy chứng thư đã chọn, hoặc khoá của nó, trong token."
        "Kiểm tra có cắm đúng token không và giá trị --cert."
        "The chosen certificate, or its key, is not on the token."
        "Check the token and --cert." }
    CertificateChoice = "CERTIFICATE_CHOICE" Token {
        "Token có nhiều chứng thư ký được: {choices}."
        "Chọn một chứng thư bằng --cert SHA256."
        "Several certificates on the token can sign: {choices}."
        "Choose one with --cert SHA256." }
    CertificateExpired = "CERTIFICATE_EXPIRED" Token {
        "Chứng thư đã hết hạn từ {until}."
        "Chọn chứng thư còn hạn, hoặc đề nghị gia hạn."
        "The certificate expired on {until}."
        "Choose another, or have it renewed." }
    CertificateNotYetValid = "CERTIFICATE_NOT_YET_VALID" Token {
        "Chứng thư chưa có hiệu lực; bắt đầu từ {from}."
        "Kiểm tra ngày giờ của máy."
        "The certificate is not valid before {from}."
        "Check the machine's clock." }
    CertificateUsage = "CERTIFICATE_USAGE" Token {
        "Chứng thư này không dùng để ký văn bản."
        "Chọn chứng thư có mục đích “chữ ký số”."
        "The certificate is not for signing documents."
        "Choose one with the purpose “digital signature”." }
    CertificateUntrusted = "CERTIFICATE_UNTRUSTED" Token {
        "Nơi cấp chứng thư chưa được tin cậy."
        "Thêm chứng thư gốc và chứng thư trung gian của nơi cấp bằng --trust."
        "The certificate's issuer is not trusted."
        "Add the issuer's root and intermediate certificates with --trust." }
    WorkerLost = "WORKER_LOST" Token {
        "Bộ phận làm việc với token bị dừng giữa chừng: {detail}."
        "Làm lại với các tệp chưa ký. Nếu lặp lại, báo bộ phận công nghệ thông tin kèm mã."
        "The part that works with the token ended: {detail}."
        "Do it again for the files that are left; report it if it happens again." }
    TsaMissing = "TSA_MISSING" Usage {
        "Chưa chỉ máy chủ cấp dấu thời gian."
        "Thêm --tsa URL."
        "No time stamp authority is named."
        "Add --tsa URL." }
    NetUnreachable = "NET_UNREACHABLE" Network {
        "Không lấy được dữ liệu từ mạng: {detail}."
        "Chữ ký vẫn giữ mức đã đạt. Nâng mức sau bằng: congvan-cli complete."
        "The network did not give what was asked: {detail}."
        "The signature keeps its level. Raise it later with: congvan-cli complete." }
    TsaUntrusted = "TSA_UNTRUSTED" Network {
        "Máy chủ cấp dấu thời gian chưa được tin cậy: {detail}."
        "Thêm chứng thư gốc của nơi cấp dấu thời gian bằng --trust; chữ ký vẫn giữ mức đã đạt."
        "The time stamp authority is not trusted: {detail}."
        "Add its root with --trust; the signature keeps its level." }
    CertificateRevoked = "CERTIFICATE_REVOKED" File {
        "Chứng thư của chữ ký {field} đã bị thu hồi từ {at} nên không nâng mức được."
        "Không dùng văn bản này; đề nghị người ký ký lại bằng chứng thư khác."
        "The certificate of {field} was revoked at {at}; nothing can complete it."
        "Do not rely on the document; have it signed anew." }
    TsaRefused = "TSA_REFUSED" Network {
        "Không dùng được dấu thời gian nhận được: {detail}."
        "Chữ ký vẫn giữ mức đã đạt. Thử máy chủ dấu thời gian khác bằng --tsa."
        "The time stamp cannot be used: {detail}."
        "The signature keeps its level. Try another authority with --tsa." }
    EvidenceMissing = "EVIDENCE_MISSING" Network {
        "Còn {count} chứng thư chưa kiểm tra được có bị thu hồi hay không."
        "Chữ ký vẫn giữ mức đã đạt. Làm lại khi máy chủ OCSP hoặc CRL trả lời."
        "The revocation of {count} certificates is still unknown."
        "The signature keeps its level. Try again when OCSP or CRL servers answer." }
    DataMissing = "DATA_MISSING" Setup {
        "Không thấy dữ liệu của Công Văn ở {path}."
        "Chạy dưới đúng người dùng của máy, hoặc chỉ thư mục bằng --data."
        "There is no data of Công Văn in {path}."
        "Run it as the right user of the computer, or name the folder with --data." }
    AccountUnknown = "ACCOUNT_UNKNOWN" Setup {
        "Tài khoản {user} chưa từng dùng trên máy này. Các tài khoản đã dùng: {known}."
        "Kiểm tra tên tài khoản."
        "The account {user} was never used here. Used were: {known}."
        "Check the name." }
    RecoveryFailed = "RECOVERY_FAILED" Setup {
        "Khoá khôi phục không lấy lại được khoá dữ liệu: {detail}."
        "Kiểm tra có đúng khoá khôi phục của cơ quan không. Dữ liệu vẫn được mã hoá nguyên vẹn."
        "The recovery key does not give the key of the data: {detail}."
        "Check that it is the agency's recovery key. The data is untouched." }
    StoreKeyWrong = "STORE_KEY_WRONG" Setup {
        "Khoá này không mở được dữ liệu trên máy."
        "Kiểm tra tệp khoá. Dữ liệu vẫn được mã hoá nguyên vẹn."
        "This key does not open the data."
        "Check the key. The data is untouched." }
    StoreInUse = "STORE_IN_USE" Setup {
        "Phần mềm Công Văn đang mở dữ liệu này."
        "Đóng phần mềm rồi chạy lại."
        "Công Văn has this data open."
        "Close it and run again." }
    StoreNewer = "STORE_NEWER" Setup {
        "Dữ liệu trên máy do phiên bản mới hơn tạo ra."
        "Dùng congvan-cli của phiên bản đó."
        "The data is of a newer version."
        "Use the congvan-cli of that version." }
    StoreFailed = "STORE_FAILED" Setup {
        "Không đọc hoặc ghi được dữ liệu trên máy: {detail}."
        "Kiểm tra ổ đĩa và quyền đọc thư mục dữ liệu."
        "The data cannot be read or written: {detail}."
        "Check the disk and the permission to read the folder." }
    KeyringUnavailable = "KEYRING_UNAVAILABLE" Setup {
        "Kho khoá của hệ điều hành không trả lời: {detail}."
        "Đăng nhập vào màn hình của người dùng đó, mở kho khoá (keyring) rồi chạy lại."
        "The system's keyring does not answer: {detail}."
        "Log in as that user, unlock the keyring, and run again." }
    Interrupted = "INTERRUPTED" Setup {
        "Lượt chạy bị ngắt giữa chừng."
        "Tệp nào đã báo xong thì vẫn nguyên vẹn, tệp dở dang đã được xoá. Chạy lại với các tệp còn lại."
        "The run was interrupted."
        "What was reported as done is whole, what was unfinished is gone. Run again for the rest." }
    Internal = "INTERNAL" Setup {
        "Phần mềm gặp lỗi của chính nó: {detail}."
        "Báo nhóm phát triển kèm mã và câu lệnh đã chạy."
        "A fault of the program: {detail}."
        "Report it with the command you ran." }
}

impl Code {
    pub(crate) fn is_usage(self) -> bool {
        self.scope() == Scope::Usage
    }

    pub(crate) fn is_about_a_file(self) -> bool {
        self.scope() == Scope::File
    }

    /// The stop rule: nothing more is asked of the token.
    pub(crate) fn stops_the_token(self) -> bool {
        self.scope() == Scope::Token
    }

    /// It costs a level only.
    pub(crate) fn is_network(self) -> bool {
        self.scope() == Scope::Network
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes that only a command line can have.
    const OWN: &[&str] = &[
        "ARGUMENTS",
        "FILE_UNREADABLE",
        "NO_SUCH_PAGE",
        "NO_SUCH_FIELD",
        "FIELD_SIGNED",
        "PLACE_NOT_FOUND",
        "OUTPUT_EXISTS",
        "OUTPUT_IS_INPUT",
        "OUTPUT_FAILED",
        "NOTHING_TO_COMPLETE",
        "IMAGE_UNUSABLE",
        "TEMPLATE_UNUSABLE",
        "TRUST_MISSING",
        "TRUST_UNREADABLE",
        "WORKER_MISSING",
        "WORKER_FAILED",
        "SCAN_UNREADABLE",
        "TOKEN_CHOICE",
        "PIN_NOT_GIVEN",
        "CERTIFICATE_CHOICE",
        "DATA_MISSING",
        "ACCOUNT_UNKNOWN",
        "RECOVERY_FAILED",
        "TSA_MISSING",
        "TSA_REFUSED",
        "TSA_UNTRUSTED",
        "CERTIFICATE_REVOKED",
        "EVIDENCE_MISSING",
        "INTERRUPTED",
    ];

    #[test]
    fn every_other_code_is_one_of_the_desks_catalogue() {
        let catalogue = include_str!("../../../../ui/src/i18n/vi.json");
        let catalogue: serde_json::Value = serde_json::from_str(catalogue).unwrap();
        for code in Code::ALL.iter().map(|code| code.as_str()) {
            let is_known = catalogue["err"]
                .get(code)
                .is_some_and(|text| text.is_string());
            assert!(is_known || OWN.contains(&code), "{code}");
        }
    }

    #[test]
    fn every_code_says_what_happened_and_what_to_do_in_both_languages() {
        for code in Code::ALL {
            let vi = (
                code.what_happened(Language::Vi),
                code.what_to_do(Language::Vi),
            );
            let en = (
                code.what_happened(Language::En),
                code.what_to_do(Language::En),
            );
            assert!(vi.0.ends_with('.') && vi.1.ends_with('.'), "{code:?}");
            assert!(en.0.ends_with('.') && en.1.ends_with('.'), "{code:?}");
            assert_ne!(vi, en);
            // The same facts in both languages.
            let facts = |text: &str| text.matches('{').count();
            assert_eq!(
                facts(vi.0) + facts(vi.1),
                facts(en.0) + facts(en.1),
                "{code:?}"
            );
        }
    }
}
