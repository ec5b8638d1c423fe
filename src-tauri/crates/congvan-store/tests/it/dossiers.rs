//! Dossiers on the desk: our acts counted in until the server shows them, and only its word for the
//! rest.

use congvan_model::{DocumentId, DossierId};
use congvan_protocol::{
    AgencyInfo, Change, ChangeKind, Entity, EntityType, OpOutcome, ProblemCode,
    dossier::{Dossier, DossierAct, DossierFields, DossierState, Retention},
    handling::Named,
};
use congvan_store::{DossierView, Store};
use jiff::civil::date;
use uuid::Uuid;

use crate::support::{ME, NOW, answer, document, fresh, id, open, pull, result, upsert};

const NAME: &str = "Lê Văn C";

fn dossier_id() -> DossierId {
    DossierId(Uuid::from_u128(900))
}

fn fields() -> DossierFields {
    DossierFields {
        year: 2026,
        number: None,
        code: "KT".to_owned(),
        large: String::new(),
        small: String::new(),
        title: "Hồ sơ chợ Bình Minh".to_owned(),
        retention: Retention::Permanent,
        creator: Named {
            account: ME,
            full_name: NAME.to_owned(),
        },
        note: String::new(),
    }
}

fn start(store: &Store) -> congvan_model::OpId {
    let act = DossierAct::Start {
        fields: Box::new(fields()),
        started_on: date(2026, 1, 5),
    };
    act_on(store, act)
}

fn act_on(store: &Store, act: DossierAct) -> congvan_model::OpId {
    let recorded = store.act_on_dossier(dossier_id(), act, (ME, NAME), NOW);
    recorded.expect("is recorded").op
}

fn add(store: &Store, number: u128) -> congvan_model::OpId {
    let document = id(number);
    act_on(store, DossierAct::Add { document })
}

fn here(store: &Store) -> DossierView {
    store
        .dossier(dossier_id())
        .expect("reads")
        .expect("is here")
}

fn inside(store: &Store) -> Vec<(u128, u32)> {
    let items = here(store).dossier.items;
    let item =
        |item: &congvan_protocol::dossier::DossierItem| (item.document.0.as_u128(), item.ordinal);
    items.iter().map(item).collect()
}

/// What the server says of it with these documents.
fn says(rev: u64, documents: &[u128]) -> Change {
    let agency = AgencyInfo {
        code: "H99.101".to_owned(),
        name: "UBND xã".to_owned(),
    };
    let mut fields = fields();
    fields.number = Some(3);
    let mut dossier = Dossier {
        id: dossier_id(),
        agency: agency.clone(),
        unit: agency,
        fields,
        listed: false,
        state: DossierState::Open,
        started_on: Some(date(2026, 1, 5)),
        ended_on: None,
        kept_until: None,
        inside: true,
        count: 0,
        items: Vec::new(),
        steps: Vec::new(),
    };
    let actor = congvan_protocol::handling::Actor {
        account: ME,
        full_name: NAME,
        posts: &[],
    };
    for number in documents {
        let document = DocumentId(Uuid::from_u128(*number));
        dossier.project(&DossierAct::Add { document }, &actor, NOW);
    }
    Change {
        entity: EntityType::Dossier,
        id: dossier_id().0,
        rev,
        change: ChangeKind::Upsert,
        body: Some(Entity::Dossier(Box::new(dossier))),
    }
}

#[test]
fn a_dossier_begun_offline_is_here_at_once_and_after_a_restart_and_has_its_number_from_the_server()
{
    let (dir, store) = fresh();
    pull(&store, "a", vec![upsert(document(1, "Một"), 1)]);
    let begun = start(&store);
    let added = add(&store, 1);
    drop(store);
    let (store, _) = open(dir.path());
    let view = here(&store);
    assert!(view.unsent);
    assert_eq!(view.dossier.fields.notation(), "KT");
    assert_eq!(view.provisional, [id(1)]);
    assert_eq!(inside(&store), [(1, 1)]);
    assert_eq!(store.dossier_years().expect("reads"), [2026]);
    assert_eq!(store.dossiers_of(id(1)).expect("reads").len(), 1);
    // Somebody else's document was first: ours is behind it.
    let results = vec![
        result(begun, OpOutcome::Applied { rev: 1 }),
        result(added, OpOutcome::Applied { rev: 3 }),
    ];
    answer(&store, "b", vec![says(3, &[2, 1])], results);
    let view = here(&store);
    assert!(!view.unsent && view.provisional.is_empty());
    assert_eq!(view.dossier.fields.notation(), "03.KT");
    assert_eq!(inside(&store), [(2, 1), (1, 2)]);
}

#[test]
fn an_act_counts_until_the_server_shows_it_and_a_refused_one_counts_no_more() {
    let (_dir, store) = fresh();
    pull(&store, "a", vec![says(1, &[1])]);
    let added = add(&store, 2);
    // The answer comes before the page that shows it.
    answer(
        &store,
        "b",
        Vec::new(),
        vec![result(added, OpOutcome::Applied { rev: 2 })],
    );
    assert_eq!(inside(&store), [(1, 1), (2, 2)]);
    pull(&store, "c", vec![says(2, &[1, 2])]);
    assert_eq!(inside(&store), [(1, 1), (2, 2)]);
    let refused = add(&store, 3);
    assert_eq!(inside(&store).len(), 3);
    let outcome = OpOutcome::Rejected {
        code: ProblemCode::NotFound,
        detail: String::new(),
    };
    answer(&store, "d", Vec::new(), vec![result(refused, outcome)]);
    assert_eq!(inside(&store), [(1, 1), (2, 2)]);
    assert_eq!(store.outbox_counts().expect("counts"), (0, 1));
}

#[test]
fn only_a_tombstone_takes_a_dossier_away_and_an_older_word_changes_nothing() {
    let (_dir, store) = fresh();
    pull(&store, "a", vec![says(5, &[1, 2])]);
    pull(&store, "b", vec![says(4, &[1])]);
    assert_eq!(inside(&store).len(), 2);
    let inventory = store.inventory(EntityType::Dossier).expect("counts");
    assert_eq!(inventory.items, 1);
    let gone = Change {
        change: ChangeKind::Remove,
        body: None,
        ..says(6, &[])
    };
    let outcome = pull(&store, "c", vec![gone]);
    assert!(outcome.dossiers);
    assert_eq!(store.dossier(dossier_id()).expect("reads"), None);
}
