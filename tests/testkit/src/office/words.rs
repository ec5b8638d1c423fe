//! What fictional offices write about. Natural Vietnamese; every name and figure is invented.

use congvan_model::DocumentType;

use super::Block;
use crate::SplitMix;

macro_rules! topics {
    ($($(#[$doc:meta])* $name:ident: [$($text:literal,)*];)*) => {
        /// What a document is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Topic { $($(#[$doc])* $name,)* }

        impl Topic {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            fn paragraphs(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($text),*],)* }
            }
        }
    };
}

topics! {
    /// Poverty and social protection.
    Welfare: [
        "Tổ chức rà soát hộ nghèo, hộ cận nghèo theo đúng quy trình, bảo đảm công khai, dân chủ, có sự tham gia giám sát của Mặt trận Tổ quốc và người dân. Danh sách dự kiến phải được niêm yết tại nhà văn hóa thôn và trụ sở Ủy ban nhân dân xã ít nhất 03 ngày làm việc trước khi họp xét.",
        "Đối với các trường hợp khiếu nại về kết quả rà soát, Ủy ban nhân dân cấp xã thành lập tổ phúc tra, xác minh tại hộ gia đình và trả lời bằng văn bản cho người khiếu nại trong thời hạn 05 ngày làm việc kể từ ngày nhận được đơn.",
        "Thực hiện chi trả trợ cấp xã hội hằng tháng qua tài khoản ngân hàng cho đối tượng có đủ điều kiện; bố trí cán bộ chi trả tận nhà đối với người cao tuổi neo đơn, người khuyết tật nặng không có người đại diện nhận thay.",
        "Kết quả rà soát được cập nhật vào phần mềm quản lý giảm nghèo và là căn cứ để thực hiện các chính sách hỗ trợ về y tế, giáo dục, nhà ở, tín dụng ưu đãi trong năm tiếp theo.",
        "Phối hợp với Ngân hàng Chính sách xã hội bình xét, giải ngân nguồn vốn vay đúng đối tượng; hướng dẫn hộ vay sử dụng vốn đúng mục đích, gắn với mô hình sinh kế phù hợp điều kiện của địa phương.",
    ];
    /// Disasters, fire, rescue.
    Disaster: [
        "Theo dự báo của Đài Khí tượng Thủy văn tỉnh, trong 24 đến 48 giờ tới trên địa bàn có mưa to đến rất to, lượng mưa phổ biến từ 80 đến 150 mm, có nơi trên 200 mm; nguy cơ cao xảy ra lũ quét, sạt lở đất tại các khu vực ven suối và sườn dốc.",
        "Rà soát các khu dân cư sống ven sông, suối, khu vực thấp trũng, nguy cơ sạt lở để chủ động tổ chức di dời, sơ tán; kiên quyết không để người dân ở lại nơi không bảo đảm an toàn khi có tình huống xảy ra.",
        "Chuẩn bị lực lượng, phương tiện, vật tư và nhu yếu phẩm theo phương châm \"bốn tại chỗ\"; tổ chức trực ban 24/24 giờ, báo cáo về Văn phòng thường trực Ban Chỉ huy phòng thủ dân sự tỉnh trước 16 giờ hằng ngày.",
        "Trong mùa khô, duy trì chòi canh lửa và tổ tuần tra rừng; nghiêm cấm đốt nương, đốt thực bì khi cấp dự báo cháy rừng từ cấp IV trở lên. Chủ rừng chịu trách nhiệm về phương án phòng cháy, chữa cháy trên diện tích được giao.",
        "Kiểm tra an toàn hồ chứa, đập, kênh mương; vận hành điều tiết nước theo quy trình đã được phê duyệt và thông báo trước cho người dân vùng hạ du bằng hệ thống truyền thanh cơ sở.",
    ];
    /// Administrative reform and one-stop service.
    Reform: [
        "Đẩy mạnh tiếp nhận và trả kết quả thủ tục hành chính trên môi trường điện tử; phấn đấu tỷ lệ hồ sơ nộp trực tuyến đạt từ 80% trở lên, tỷ lệ số hóa thành phần hồ sơ và kết quả giải quyết đạt 100%.",
        "Công khai đầy đủ, kịp thời thủ tục hành chính tại Trung tâm Phục vụ hành chính công và trên Cổng Dịch vụ công; không yêu cầu người dân cung cấp giấy tờ đã có trong cơ sở dữ liệu dùng chung.",
        "Người đứng đầu cơ quan, đơn vị chịu trách nhiệm về hồ sơ quá hạn thuộc phạm vi quản lý; thực hiện thư xin lỗi và hẹn lại ngày trả kết quả đối với từng trường hợp chậm giải quyết.",
        "Tổ chức khảo sát mức độ hài lòng của người dân, doanh nghiệp theo bộ câu hỏi kèm theo; kết quả khảo sát là một trong các tiêu chí đánh giá, xếp loại chất lượng công chức quý IV năm 2026.",
        "Rà soát, kiến nghị đơn giản hóa các thủ tục hành chính nội bộ, cắt giảm ít nhất 20% thời gian giải quyết so với quy định, trong đó ưu tiên các thủ tục về đất đai, hộ tịch và bảo trợ xã hội.",
    ];
    /// Public finance and budget.
    Finance: [
        "Căn cứ dự toán ngân sách được giao, các cơ quan, đơn vị rà soát tiến độ giải ngân vốn đầu tư công, cam kết tỷ lệ giải ngân đến hết ngày 31 tháng 12 năm 2026 đạt trên 95% kế hoạch vốn.",
        "Thực hiện tiết kiệm thêm 10% chi thường xuyên ngoài các khoản lương, phụ cấp và các khoản có tính chất lương; tạm dừng các khoản mua sắm chưa thực sự cấp bách.",
        "Thuyết minh dự toán phải nêu rõ cơ sở pháp lý, định mức, đơn giá và khối lượng công việc; các khoản chi hỗ trợ hạ tầng thiết yếu gửi kèm hồ sơ thiết kế và biên bản họp thôn.",
        "Tổ chức kiểm kê tài sản công tại thời điểm 0 giờ ngày 01 tháng 01; lập phương án sắp xếp, xử lý các cơ sở nhà, đất dôi dư sau khi sắp xếp đơn vị hành chính, tránh lãng phí, thất thoát.",
        "Báo cáo thu, chi ngân sách tháng gửi trước ngày 05 của tháng sau liền kề, kèm bảng đối chiếu số liệu với Kho bạc Nhà nước khu vực.",
    ];
    /// Land and environment.
    Land: [
        "Rà soát, đối chiếu hiện trạng sử dụng đất với hồ sơ địa chính; lập danh sách các thửa đất chưa được cấp Giấy chứng nhận, phân loại theo nguồn gốc sử dụng và hướng giải quyết của từng trường hợp.",
        "Tăng cường kiểm tra, xử lý nghiêm các hành vi lấn chiếm, tự ý chuyển mục đích sử dụng đất nông nghiệp; công chức được phân công địa bàn chịu trách nhiệm phát hiện và báo cáo trong vòng 24 giờ.",
        "Công bố công khai kế hoạch sử dụng đất năm 2027, cắm mốc chỉ giới các khu vực thu hồi đất và lấy ý kiến Nhân dân trong thời hạn 30 ngày theo quy định.",
        "Tổ chức thu gom, phân loại chất thải rắn sinh hoạt tại nguồn; bố trí điểm tập kết hợp vệ sinh, không để tồn đọng rác tại khu dân cư, chợ và dọc các tuyến đường liên xã.",
        "Hồ sơ bồi thường, hỗ trợ, tái định cư của dự án phải được niêm yết công khai, ghi nhận đầy đủ ý kiến của hộ dân có đất thu hồi trước khi trình phê duyệt.",
    ];
    /// Agriculture.
    Agriculture: [
        "Chỉ đạo Nhân dân gieo trồng vụ Đông Xuân đúng khung thời vụ, ưu tiên các giống lúa ngắn ngày, chất lượng cao; theo dõi chặt chẽ diễn biến của rầy nâu và bệnh đạo ôn để phòng trừ kịp thời.",
        "Tổ chức tiêm phòng đợt cuối năm cho đàn gia súc, gia cầm, bảo đảm tỷ lệ tiêm đạt trên 90% tổng đàn thuộc diện phải tiêm; thống kê lại tổng đàn theo từng thôn để làm căn cứ cấp vắc-xin.",
        "Khi phát hiện gia súc ốm, chết bất thường, người chăn nuôi phải báo ngay cho nhân viên thú y; nghiêm cấm bán chạy, giết mổ, vứt xác gia súc ra môi trường.",
        "Rà soát các tiêu chí nông thôn mới nâng cao đã đạt và chưa đạt; xây dựng lộ trình, phân công cụ thể từng thành viên Ban quản lý phụ trách, gắn với phong trào thi đua của các thôn.",
        "Hỗ trợ hợp tác xã hoàn thiện hồ sơ sản phẩm OCOP, truy xuất nguồn gốc và đưa sản phẩm lên sàn thương mại điện tử trước Tết Nguyên đán.",
    ];
    /// Education, culture, health.
    Society: [
        "Phối hợp với các trường học trên địa bàn rà soát điều kiện cơ sở vật chất, bảo đảm an toàn trường học, vệ sinh an toàn thực phẩm tại bếp ăn bán trú; kiên quyết không sử dụng các hạng mục đã xuống cấp.",
        "Vận động học sinh có nguy cơ bỏ học trở lại lớp; lập danh sách học sinh có hoàn cảnh đặc biệt khó khăn để hỗ trợ học bổng, đồ dùng học tập từ Quỹ khuyến học.",
        "Tăng cường giám sát bệnh truyền nhiễm, tổ chức chiến dịch diệt lăng quăng, bọ gậy vào ngày thứ Bảy hằng tuần; xử lý triệt để ổ dịch ngay từ ca mắc đầu tiên.",
        "Tổ chức các hoạt động văn hóa, thể thao chào mừng năm mới vui tươi, lành mạnh, tiết kiệm; bảo đảm an ninh, trật tự và phòng cháy, chữa cháy tại nơi tập trung đông người.",
        "Kiểm tra việc thực hiện hương ước, quy ước; nhân rộng mô hình \"Gia đình văn hóa\", \"Thôn văn hóa\" tiêu biểu và biểu dương tại Ngày hội Đại đoàn kết toàn dân tộc.",
    ];
    /// Digital transformation and network safety.
    Digital: [
        "Kiện toàn Tổ công nghệ số cộng đồng tại các thôn; hướng dẫn người dân cài đặt và sử dụng tài khoản định danh điện tử mức độ 2, nộp hồ sơ trực tuyến và thanh toán không dùng tiền mặt.",
        "Đường truyền số liệu chuyên dùng phải được kiểm tra định kỳ hằng tháng; khi mất kết nối quá 30 phút phải báo ngay cho đầu mối kỹ thuật của Sở Khoa học và Công nghệ để phối hợp khắc phục.",
        "Toàn bộ văn bản đi, trừ văn bản mật, phải được ký số của người có thẩm quyền và ký số của cơ quan trước khi phát hành; không gửi kèm bản giấy đối với văn bản đã gửi điện tử.",
        "Rà soát chứng thư số sắp hết hạn, thu hồi chứng thư số của cá nhân đã nghỉ hưu, chuyển công tác; quản lý thiết bị lưu khóa bí mật theo đúng quy định, tuyệt đối không cho mượn.",
        "Thực hiện sao lưu dữ liệu hằng ngày, cài đặt phần mềm phòng chống mã độc trên 100% máy trạm; không sử dụng thư điện tử công cộng để trao đổi công việc.",
    ];
    /// Public order, military service.
    Order: [
        "Tổ chức tuyên truyền Luật Nghĩa vụ quân sự, rà soát công dân trong độ tuổi sẵn sàng nhập ngũ năm 2027; niêm yết công khai danh sách đủ điều kiện, tạm hoãn và miễn gọi nhập ngũ tại các thôn.",
        "Tăng cường tuần tra, kiểm soát ban đêm tại các tuyến đường liên thôn; phối hợp xử lý tình trạng thanh thiếu niên tụ tập, điều khiển xe gây mất trật tự an toàn giao thông.",
        "Kiểm tra các cơ sở kinh doanh có điều kiện về an ninh, trật tự; yêu cầu ký cam kết không tàng trữ, mua bán, sử dụng pháo nổ trong dịp Tết.",
        "Tiếp công dân định kỳ vào ngày thứ Năm hằng tuần; giải quyết dứt điểm các vụ việc phát sinh từ cơ sở, không để hình thành điểm nóng, khiếu kiện vượt cấp.",
        "Thực hiện nghiêm chế độ trực chỉ huy, trực ban, trực sẵn sàng chiến đấu; báo cáo tình hình về Ban Chỉ huy quân sự trước 15 giờ hằng ngày.",
    ];
    /// Construction and transport.
    Works: [
        "Khẩn trương hoàn thành công tác bàn giao mặt bằng sạch cho đơn vị thi công tuyến đường liên xã Bình Minh Đông – An Phú Tây, chiều dài 4,2 km; tháo gỡ dứt điểm vướng mắc của các hộ còn lại.",
        "Chủ đầu tư chịu trách nhiệm về chất lượng, tiến độ công trình; kiên quyết thay thế nhà thầu chậm tiến độ, vi phạm hợp đồng, không để kéo dài ảnh hưởng đến đời sống của Nhân dân.",
        "Hồ sơ đề nghị thẩm định báo cáo kinh tế – kỹ thuật gồm: tờ trình, thuyết minh, bản vẽ thiết kế, dự toán và văn bản cam kết nguồn vốn; gửi trực tuyến qua Trung tâm Phục vụ hành chính công tỉnh.",
        "Kiểm tra, xử lý các công trình xây dựng không phép, sai phép; công khai kết quả xử lý tại trụ sở và trên trang thông tin điện tử của xã.",
        "Duy tu, bảo dưỡng các tuyến đường giao thông nông thôn, bổ sung biển báo, gờ giảm tốc tại các điểm giao cắt nguy hiểm trước mùa mưa bão.",
    ];
    /// Personnel and organisation.
    Personnel: [
        "Rà soát đội ngũ cán bộ, công chức sau khi sắp xếp tổ chức bộ máy; bố trí theo đúng vị trí việc làm, trình độ chuyên môn, bảo đảm không gián đoạn công việc phục vụ người dân.",
        "Tổ chức đánh giá, xếp loại chất lượng cán bộ, công chức, viên chức năm 2026 bảo đảm khách quan, công bằng, gắn với kết quả, sản phẩm công việc cụ thể; hoàn thành trước ngày 15 tháng 12.",
        "Cử cán bộ, công chức tham gia lớp bồi dưỡng kỹ năng quản lý văn bản, lập hồ sơ điện tử và sử dụng chữ ký số chuyên dùng công vụ theo danh sách đăng ký kèm theo.",
        "Thực hiện nghiêm quy tắc ứng xử, văn hóa công sở; không sử dụng rượu, bia trong giờ làm việc, giờ nghỉ trưa của ngày làm việc, ngày trực.",
        "Hồ sơ đề nghị khen thưởng gửi về Phòng Văn hóa – Xã hội trước thời hạn nêu trên; quá thời hạn coi như đơn vị không có nhu cầu đề nghị.",
    ];
    /// Meetings.
    Meeting: [
        "Thời gian: 01 buổi, bắt đầu từ 08 giờ 00 phút. Địa điểm: Phòng họp số 2, trụ sở Ủy ban nhân dân. Các đại biểu có mặt trước 10 phút để ổn định tổ chức và kiểm tra đường truyền trực tuyến.",
        "Nội dung: đánh giá kết quả thực hiện nhiệm vụ tuần qua; thảo luận, thống nhất nhiệm vụ trọng tâm tuần tới; xử lý các kiến nghị, khó khăn, vướng mắc của các đơn vị.",
        "Thành phần: Thường trực Hội đồng nhân dân, lãnh đạo Ủy ban nhân dân, trưởng các phòng chuyên môn, Giám đốc Trung tâm Phục vụ hành chính công, Trưởng Công an và Chỉ huy trưởng Ban Chỉ huy quân sự xã.",
        "Giao Văn phòng Hội đồng nhân dân và Ủy ban nhân dân chuẩn bị tài liệu, gửi trước cho đại biểu qua Hệ thống quản lý văn bản và điều hành; không in tài liệu giấy.",
        "Đề nghị các đại biểu thu xếp công việc, tham dự đúng thành phần, đúng thời gian; trường hợp vắng phải báo cáo và cử người dự thay có đủ thẩm quyền.",
    ];
}

const OPENINGS: &[&str] = &[
    "Thực hiện Chương trình công tác năm 2026 và ý kiến chỉ đạo của cấp có thẩm quyền về nội dung nêu trên, cơ quan ban hành đề nghị các đơn vị triển khai thực hiện những nội dung sau:",
    "Căn cứ Luật Tổ chức chính quyền địa phương và tình hình thực tế trên địa bàn; xét đề nghị của cơ quan chuyên môn, nội dung cụ thể như sau:",
    "Qua theo dõi, kiểm tra tình hình thực hiện thời gian qua cho thấy các đơn vị đã có nhiều cố gắng; tuy nhiên vẫn còn một số hạn chế cần tập trung khắc phục ngay trong thời gian tới:",
    "Để bảo đảm hoàn thành các chỉ tiêu, nhiệm vụ đã đề ra, yêu cầu thủ trưởng các cơ quan, đơn vị tập trung chỉ đạo thực hiện tốt các nội dung dưới đây:",
];

const CLOSINGS: &[&str] = &[
    "Trong quá trình triển khai thực hiện, nếu có khó khăn, vướng mắc, đề nghị các đơn vị phản ánh kịp thời để được xem xét, hướng dẫn giải quyết theo thẩm quyền.",
    "Yêu cầu các cơ quan, đơn vị nghiêm túc triển khai thực hiện và báo cáo kết quả đúng thời hạn quy định.",
    "Nhận được văn bản này, đề nghị các đơn vị khẩn trương tổ chức thực hiện, bảo đảm chất lượng và tiến độ./.",
    "Đề nghị các đơn vị quan tâm phối hợp, cử đầu mối liên hệ và gửi báo cáo bằng văn bản điện tử qua trục liên thông văn bản./.",
];

const UNITS: &[&str] = &[
    "Phòng Kinh tế",
    "Phòng Văn hóa – Xã hội",
    "Văn phòng HĐND và UBND",
    "Trung tâm Phục vụ hành chính công",
    "Công an xã",
    "Ban Chỉ huy quân sự xã",
];

const WORK: &[&str] = &[
    "Xây dựng kế hoạch chi tiết, phân công người phụ trách",
    "Rà soát, tổng hợp số liệu và đối chiếu với thực tế",
    "Tổ chức tuyên truyền, phổ biến đến từng thôn",
    "Kiểm tra, đôn đốc, tổng hợp khó khăn vướng mắc",
    "Báo cáo kết quả, đề xuất giải pháp thời gian tới",
];

/// The body of a document about a topic: an opening, three to five paragraphs, sometimes a table
/// of tasks, a closing. `length` 1 is a page, 2 two or three pages and so on.
#[must_use]
pub fn body(topic: Topic, kind: DocumentType, length: usize, random: &mut SplitMix) -> Vec<Block> {
    let mut blocks = vec![Block::Paragraph((*random.pick(OPENINGS)).to_owned())];
    let headed = matches!(
        kind,
        DocumentType::Plan | DocumentType::Report | DocumentType::Programme | DocumentType::Scheme
    );
    let mut number = 0;
    for round in 0..length.max(1) {
        if headed {
            let titles = [
                "I. MỤC ĐÍCH, YÊU CẦU",
                "II. NỘI DUNG THỰC HIỆN",
                "III. TỔ CHỨC THỰC HIỆN",
            ];
            let title = titles
                .get(round % titles.len())
                .copied()
                .unwrap_or_default();
            blocks.push(Block::Heading(title.to_owned()));
        }
        // A longer document goes on to neighbouring fields of work instead of repeating itself.
        let place = Topic::ALL
            .iter()
            .position(|other| *other == topic)
            .unwrap_or(0);
        let topic = Topic::ALL
            .get((place + round * 5) % Topic::ALL.len())
            .unwrap_or(&topic);
        let mut paragraphs: Vec<&str> = topic.paragraphs().to_vec();
        let start = random.below(paragraphs.len());
        paragraphs.rotate_left(start);
        let wanted = if length <= 1 { 3 } else { 5 };
        for text in paragraphs.iter().take(wanted) {
            number += 1;
            blocks.push(Block::Paragraph(format!("{number}. {text}")));
        }
    }
    if headed || random.below(4) == 0 {
        blocks.push(tasks(random, 4));
    }
    blocks.push(Block::Paragraph((*random.pick(CLOSINGS)).to_owned()));
    blocks
}

fn tasks(random: &mut SplitMix, rows: usize) -> Block {
    let head = ["TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn"];
    let rows = (1..=rows)
        .map(|number| {
            vec![
                number.to_string(),
                (*random.pick(WORK)).to_owned(),
                (*random.pick(UNITS)).to_owned(),
                format!("Trước ngày {:02}/12/2026", 1 + random.below(28)),
            ]
        })
        .collect();
    Block::Table(head.map(str::to_owned).to_vec(), rows)
}

/// A long text of numbered parts with tables, for a scheme of many pages.
#[must_use]
pub(super) fn long_scheme(parts: usize) -> Vec<Block> {
    let mut random = SplitMix::new(200);
    let mut blocks = Vec::new();
    for part in 1..=parts {
        let topic = *random.pick(Topic::ALL);
        blocks.push(Block::Heading(format!(
            "Mục {part}. Nhiệm vụ thuộc nhóm {}",
            part % 12 + 1
        )));
        for (number, text) in topic.paragraphs().iter().enumerate() {
            blocks.push(Block::Paragraph(format!("{part}.{}. {text}", number + 1)));
        }
        if part % 3 == 0 {
            blocks.push(tasks(&mut random, 8));
        }
    }
    blocks
}
