//! Scanning over eSCL from a scanner that does what it is told, well and badly.

use std::time::{Duration, Instant};

use congvan_remote::escl::{
    CertificatePin, FeederState, PageKind, ScanPatience, ScanSettings, Scanner, ScannerAddress,
    ScannerError,
};
use congvan_testkit::{ScannerFault, ScannerSimulator};

use crate::support::identity;

const STACK: ScanSettings = ScanSettings {
    feeder: true,
    duplex: true,
    resolution: 200,
};

/// Patience for faults made on purpose.
fn impatient() -> ScanPatience {
    ScanPatience {
        connect: Duration::from_secs(2),
        answer: Duration::from_secs(2),
        silence: Duration::from_secs(2),
        page: Duration::from_secs(30),
        busy: Duration::from_millis(300),
        again: Duration::from_millis(10),
    }
}

fn scanner_with(simulator: &ScannerSimulator, pin: Option<CertificatePin>) -> Scanner {
    let address = ScannerAddress::from_url(&simulator.url()).expect("an address");
    Scanner::new(address, pin, impatient()).expect("a client")
}

/// As much of a JPEG as the line looks at: its first mark, content of its own, its end.
fn page(number: u8) -> Vec<u8> {
    let mut page = vec![0xFF, 0xD8, 0xFF, 0xE0];
    page.extend(std::iter::repeat_n(number, 40_000));
    page.extend_from_slice(&[0xFF, 0xD9]);
    page
}

fn loaded(count: u8, fault: ScannerFault) -> (ScannerSimulator, Vec<Vec<u8>>) {
    let simulator = ScannerSimulator::start().expect("a scanner");
    let pages: Vec<Vec<u8>> = (1..=count).map(page).collect();
    simulator.load(pages.clone());
    simulator.fault(fault);
    (simulator, pages)
}

/// Scans a stack as the desk does; what arrived whole, and how it ended.
async fn scan(scanner: &Scanner, settings: &ScanSettings) -> (Vec<Vec<u8>>, Option<ScannerError>) {
    let mut whole = Vec::new();
    let mut job = match scanner.scan(settings).await {
        Ok(job) => job,
        Err(error) => return (whole, Some(error)),
    };
    loop {
        let mut page = match job.next_page().await {
            Ok(Some(page)) => page,
            Ok(None) => return (whole, None),
            Err(error) => return (whole, Some(error)),
        };
        let mut bytes = Vec::new();
        loop {
            match page.chunk().await {
                Ok(Some(piece)) => bytes.extend_from_slice(&piece),
                Ok(None) => break,
                Err(error) => return (whole, Some(error)),
            }
        }
        assert_eq!(page.kind(), Some(PageKind::Jpeg));
        whole.push(bytes);
    }
}

#[tokio::test]
async fn a_stack_arrives_page_by_page_in_colour_at_full_size() {
    let (simulator, pages) = loaded(12, ScannerFault::None);
    let scanner = scanner_with(&simulator, None);
    let can = scanner.capabilities().await.expect("tells");
    assert_eq!(can.make_and_model, "Máy quét kiểm thử");
    assert!(can.duplex && can.plate.is_some());
    let feeder = can.feeder.expect("a feeder");
    assert_eq!(feeder.resolutions, [100, 200, 300]);
    assert!(feeder.colour && feeder.jpeg);
    let (whole, end) = scan(&scanner, &STACK).await;
    assert_eq!(end, None);
    assert!(whole == pages, "every page, whole and in order");
    let order = simulator.last_order().expect("an order");
    for words in [
        "<pwg:InputSource>Feeder</pwg:InputSource>",
        "<scan:Duplex>true</scan:Duplex>",
        "<scan:ColorMode>RGB24</scan:ColorMode>",
        "<scan:XResolution>200</scan:XResolution>",
        "<pwg:Width>2480</pwg:Width><pwg:Height>3508</pwg:Height>",
    ] {
        assert!(order.contains(words), "{words} in {order}");
    }
    let (whole, end) = scan(&scanner, &STACK).await;
    assert_eq!((whole.len(), end), (0, Some(ScannerError::Empty)));
}

#[tokio::test]
async fn a_plate_gives_one_page() {
    let (simulator, pages) = loaded(1, ScannerFault::None);
    let plate = ScanSettings {
        feeder: false,
        duplex: false,
        resolution: 300,
    };
    let (whole, end) = scan(&scanner_with(&simulator, None), &plate).await;
    assert_eq!(end, None);
    assert!(whole == pages);
}

#[tokio::test]
async fn what_goes_wrong_in_the_middle_says_what_it_is_and_takes_no_whole_page_away() {
    let failed = |what| ScannerError::Failed { what };
    let protocol = |what| ScannerError::Protocol { what };
    let cases = [
        (ScannerFault::JamAfter(3), 3, Some(ScannerError::Jam)),
        (
            ScannerFault::UnpluggedAfter(7),
            7,
            Some(ScannerError::Unreachable),
        ),
        (
            ScannerFault::HalfPage(5),
            4,
            Some(ScannerError::Unreachable),
        ),
        (
            ScannerFault::NoPicture(2),
            1,
            Some(protocol("neither JPEG nor PDF")),
        ),
        (
            ScannerFault::AbortsAfter(6),
            6,
            Some(failed("it gave the job up")),
        ),
        (ScannerFault::CoverOpen, 0, Some(ScannerError::CoverOpen)),
        (ScannerFault::PageNotReady(2), 9, None),
        (ScannerFault::BusyJobs(1_000), 0, Some(ScannerError::Busy)),
        (ScannerFault::OtherHost, 9, None),
    ];
    for (fault, safe, expected) in cases {
        let (simulator, pages) = loaded(9, fault);
        let (whole, end) = scan(&scanner_with(&simulator, None), &STACK).await;
        assert_eq!(end, expected, "{fault:?}");
        assert!(whole == pages[..safe], "{fault:?}: {} pages", whole.len());
    }
}

#[tokio::test]
async fn a_busy_scanner_is_asked_again_when_it_says_so() {
    let (simulator, pages) = loaded(2, ScannerFault::BusyJobs(1));
    let address = ScannerAddress::from_url(&simulator.url()).expect("an address");
    let patience = ScanPatience {
        busy: Duration::from_secs(10),
        ..impatient()
    };
    let scanner = Scanner::new(address, None, patience).expect("a client");
    let started = Instant::now();
    let (whole, end) = scan(&scanner, &STACK).await;
    assert_eq!(end, None);
    assert!(whole == pages);
    assert!(
        started.elapsed() >= Duration::from_secs(1),
        "Retry-After is the least"
    );
}

#[tokio::test]
async fn hostile_answers_end_soon_and_take_no_memory() {
    let protocol = |what| ScannerError::Protocol { what };
    let cases = [
        (
            ScannerFault::EndlessAnswer,
            protocol("an answer without end"),
        ),
        (ScannerFault::DeepAnswer, protocol("too many elements")),
        (
            ScannerFault::WebPage,
            protocol("another answer than was asked for"),
        ),
        (
            ScannerFault::Redirects,
            protocol("a status that eSCL does not know"),
        ),
        (ScannerFault::Silent, ScannerError::Unreachable),
    ];
    for (fault, expected) in cases {
        let (simulator, _) = loaded(1, fault);
        let started = Instant::now();
        let refused = scanner_with(&simulator, None).capabilities().await;
        assert_eq!(refused.expect_err("refused"), expected, "{fault:?}");
        assert!(started.elapsed() < Duration::from_secs(10), "{fault:?}");
        // A line that is held would keep the test's server from ending.
        simulator.fault(ScannerFault::None);
    }
    let (simulator, pages) = loaded(3, ScannerFault::EndlessPage(2));
    let (whole, end) = scan(&scanner_with(&simulator, None), &STACK).await;
    assert_eq!(end, Some(protocol("a page without end")));
    assert!(whole == pages[..1]);
}

#[tokio::test]
async fn a_cancelled_scan_leaves_the_rest_in_the_feeder_and_the_scanner_free() {
    let (simulator, _) = loaded(5, ScannerFault::None);
    let scanner = scanner_with(&simulator, None);
    let mut job = scanner.scan(&STACK).await.expect("begins");
    let mut page = job.next_page().await.expect("comes").expect("a page");
    while page.chunk().await.expect("whole").is_some() {}
    assert_eq!(job.pages(), 1);
    job.cancel().await;
    assert_eq!((simulator.cancelled(), simulator.left()), (1, 4));
    let status = scanner.status().await.expect("tells");
    assert_eq!(status.feeder, FeederState::Ready);
    let (whole, end) = scan(&scanner, &STACK).await;
    assert_eq!((whole.len(), end), (4, None));
}

#[tokio::test]
async fn the_first_certificate_is_kept_and_no_other_accepted() {
    let simulator = ScannerSimulator::secure(&identity()).expect("a scanner");
    simulator.load(vec![page(1)]);
    let scanner = scanner_with(&simulator, None);
    assert_eq!(scanner.pin(), None);
    scanner.status().await.expect("first contact");
    let pin = scanner.pin().expect("remembered");
    let again = scanner_with(&simulator, Some(pin));
    again.status().await.expect("the same certificate");

    simulator.certificate(&identity()).expect("another one");
    for scanner in [&scanner, &again] {
        let refused = scanner.status().await.expect_err("another certificate");
        assert_eq!(refused, ScannerError::Untrusted);
        assert_eq!(scanner.pin(), Some(pin));
    }
    let (whole, end) = scan(&again, &STACK).await;
    assert_eq!((whole.len(), end), (0, Some(ScannerError::Untrusted)));
}

#[tokio::test]
async fn nobody_there_is_told_at_once() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("bound").port()
    };
    let ways = ScannerAddress::by_hand(&format!("127.0.0.1:{port}")).expect("an address");
    for way in ways {
        let scanner = Scanner::new(way, None, impatient()).expect("a client");
        let refused = scanner.status().await.expect_err("nobody");
        assert_eq!(refused, ScannerError::Unreachable);
    }
}
