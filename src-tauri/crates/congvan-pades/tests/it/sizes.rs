//! What a signature adds to a file, and what large evidence costs.

use congvan_pades::{
    RevocationState, SignatureReport, Status,
    template::{Facts, Role, Scene, Template},
    validate_with,
};
use rcgen::{
    CertificateParams, CertificateRevocationListParams, Issuer, KeyIdMethod, KeyPair,
    RevokedCertParams, SerialNumber, date_time_ymd,
};

use crate::{
    archive::stamp_inside,
    documents::Draft,
    evidence::{DAY, T, make, root_list},
    keys::{NOW, machine_clock, pki},
    signing::sign,
};

#[test]
fn a_signed_tail_with_its_font_and_room_for_a_time_stamp_is_below_64_kib() {
    let pdf = Draft::new().classic();
    let facts = Facts {
        name: Some("Nguyễn Thị Hoàng Ánh Tuyết"),
        copy_form: Some("TRÍCH SAO"),
        agency: Some("ỦY BAN NHÂN DÂN XÃ BÌNH MINH ĐÔNG, HUYỆN ĐẢO HÒN NGỌC"),
        notation: Some("1234/QĐ-UBND"),
        number: Some("1234"),
        date: Some("05/01/2026"),
        passed_to: Some("Văn phòng HĐND và UBND"),
        dossier: Some("01.TCCB"),
        time: Some(NOW),
        ..Facts::default()
    };
    let place = congvan_pades::placement::Place {
        page: 0,
        rect: congvan_pades::MmRect {
            x: 100.0,
            y: 100.0,
            width: 0.0,
            height: 0.0,
        },
    };
    let scene = Scene {
        pointed: Some(place),
        ..Scene::default()
    };
    for role in [Role::Leader, Role::Copy, Role::Appendix, Role::Arrival] {
        let stamp = Template::built_in(role).fill(&facts, None, &scene).unwrap();
        let signed = sign(&pdf, &pki().rsa_3072, |request| {
            request.field = stamp.field();
            request.appearance = stamp.appearance.clone();
        })
        .unwrap();
        let tail = signed.len() - pdf.len();
        println!("{role:?}: {tail} bytes");
        assert!(tail < 64 * 1024, "{role:?}: {tail}");
        // The time stamp goes in without a byte more.
        let stamped = stamp_inside(&signed, machine_clock() + 2);
        assert_eq!(stamped.len(), signed.len(), "{role:?}");
    }
}

/// A list of the lower authority with so many others, and perhaps one more.
fn list_of(count: u64, last: Option<&[u8]>) -> Vec<u8> {
    let pki = pki();
    let key = KeyPair::try_from(pki.intermediate_key.as_slice()).unwrap();
    let authority = pki.intermediate.as_slice().into();
    let issuer = Issuer::from_ca_cert_der(&authority, key).unwrap();
    let revoked = |serial_number| RevokedCertParams {
        serial_number,
        revocation_time: date_time_ymd(2025, 6, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let others = (0..count).map(|number| SerialNumber::from((1 << 60) + number));
    let list = CertificateRevocationListParams {
        this_update: CertificateParams::default().not_before,
        next_update: date_time_ymd(2026, 2, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: others
            .chain(last.map(SerialNumber::from_slice))
            .map(revoked)
            .collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2026, 1, 4),
        ..list
    };
    list.signed_by(&issuer).unwrap().der().to_vec()
}

/// The serial number of a certificate, as its bytes say.
fn serial(certificate: &[u8]) -> Vec<u8> {
    let output = std::process::Command::new(crate::oracles::tool("python3"))
        .args(["-c", "import sys;d=bytes.fromhex(sys.argv[1]);i=d.index(b'\\x02',13 if d[8]==0xa0 else 8);print(d[i+2:i+2+d[i+1]].hex())"])
        .arg(certificate.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let digits: Vec<char> = text.trim().chars().collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect()
}

#[test]
fn a_list_of_200_000_revoked_certificates_is_searched_to_its_end() {
    let signed = sign(&Draft::new().classic(), &pki().p256, |_| {}).unwrap();
    let judge = |last: Option<&[u8]>| -> SignatureReport {
        let list = list_of(200_000, last);
        assert!(list.len() > 5_000_000, "{}", list.len());
        let mut evidence = make(&[root_list(T - 60, T + DAY)]);
        evidence.crls.push(list);
        let report = validate_with(&signed, &pki().trust(), &evidence, NOW).unwrap();
        report.signatures[0].clone()
    };
    let report = judge(None);
    assert_eq!(report.status, Status::Valid, "{:?}", report.revocation);
    let number = serial(&pki().p256.certificate);
    let report = judge(Some(&number));
    assert_eq!(report.status.sub_indication(), Some("REVOKED_NO_POE"));
    assert!(matches!(
        report.revocation[0].state,
        RevocationState::Revoked { .. }
    ));
}
