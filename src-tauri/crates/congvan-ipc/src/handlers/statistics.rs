use std::sync::Arc;

use congvan_core::{
    Counted, CountedRow, CountedWish, Desk, Dimension, DossierTally, Figures, Group, Measure,
    Period, Sight,
};
use congvan_model::Timestamp;

use super::{Answer, parse, word};
use crate::dto::{
    CountedDocument, CountedPage, CountedQuery, DossierTallyDto, FiguresDto, FileExport,
    StatisticsBy, StatisticsDto, StatisticsExport, StatisticsGroup, StatisticsMeasure,
    StatisticsQuery, StatisticsSight,
};

/// See the command table.
///
/// # Errors
/// `ACT_FIELD` with `to` when the period ends before it begins, `NOT_LOGGED_IN`, disk faults.
pub async fn statistics(desk: &Arc<Desk>, args: StatisticsQuery) -> Answer<StatisticsDto> {
    let view = desk
        .statistics(period(&args.from, &args.to)?, dimension(args.by))
        .await?;
    Ok(StatisticsDto {
        at: view.at.0,
        sight: match view.sight {
            Sight::Agency => StatisticsSight::Agency,
            Sight::Own => StatisticsSight::Own,
        },
        total: figures(&view.found.total),
        groups: view.found.groups.into_iter().map(group).collect(),
        overlap: view.found.overlap,
        since: view.found.since.map(|day| day.to_string()),
        dossiers: dossiers(view.dossiers),
    })
}

/// See the command table.
///
/// # Errors
/// As [`statistics`].
pub async fn statistics_documents(desk: &Arc<Desk>, args: CountedQuery) -> Answer<CountedPage> {
    let wish = CountedWish {
        of: Counted {
            period: period(&args.from, &args.to)?,
            by: dimension(args.by),
            now: Timestamp(args.at),
        },
        measure: measure(args.measure),
        group: args.group,
        offset: args.offset as usize,
        limit: args.limit as usize,
    };
    let page = desk.counted(wish).await?;
    Ok(CountedPage {
        rows: page.rows.into_iter().map(document).collect(),
        total: u32::try_from(page.total).unwrap_or(u32::MAX),
    })
}

/// See the command table.
///
/// # Errors
/// As [`statistics`].
pub async fn statistics_export(desk: &Arc<Desk>, args: StatisticsExport) -> Answer<FileExport> {
    let wanted = (
        period(&args.query.from, &args.query.to)?,
        dimension(args.query.by),
    );
    let file = desk.statistics_export(wanted, args.format.into()).await?;
    Ok(file.into())
}

fn period(from: &str, to: &str) -> Answer<Period> {
    Ok(Period {
        from: parse(from)?,
        to: parse(to)?,
    })
}

fn dimension(by: StatisticsBy) -> Dimension {
    match by {
        StatisticsBy::Unit => Dimension::Unit,
        StatisticsBy::Person => Dimension::Person,
        StatisticsBy::Month => Dimension::Month,
        StatisticsBy::Activity => Dimension::Activity,
        StatisticsBy::Kind => Dimension::Kind,
        StatisticsBy::Sender => Dimension::Sender,
        StatisticsBy::Level => Dimension::Level,
    }
}

fn measure(of: StatisticsMeasure) -> Measure {
    match of {
        StatisticsMeasure::Incoming => Measure::Incoming,
        StatisticsMeasure::DoneInTime => Measure::DoneInTime,
        StatisticsMeasure::DoneLate => Measure::DoneLate,
        StatisticsMeasure::Open => Measure::Open,
        StatisticsMeasure::Overdue => Measure::Overdue,
        StatisticsMeasure::ByAxis => Measure::ByAxis,
        StatisticsMeasure::Carried => Measure::Carried,
        StatisticsMeasure::CarriedOverdue => Measure::CarriedOverdue,
        StatisticsMeasure::Outgoing => Measure::Outgoing,
        StatisticsMeasure::Personal => Measure::Personal,
        StatisticsMeasure::Signed => Measure::Signed,
        StatisticsMeasure::Sealed => Measure::Sealed,
        StatisticsMeasure::Electronic => Measure::Electronic,
    }
}

fn figures(found: &Figures) -> FiguresDto {
    FiguresDto {
        incoming: found.of(Measure::Incoming),
        done_in_time: found.of(Measure::DoneInTime),
        done_late: found.of(Measure::DoneLate),
        open: found.of(Measure::Open),
        overdue: found.of(Measure::Overdue),
        by_axis: found.of(Measure::ByAxis),
        carried: found.of(Measure::Carried),
        carried_overdue: found.of(Measure::CarriedOverdue),
        outgoing: found.of(Measure::Outgoing),
        personal: found.of(Measure::Personal),
        signed: found.of(Measure::Signed),
        sealed: found.of(Measure::Sealed),
        electronic: found.of(Measure::Electronic),
    }
}

fn group(found: Group) -> StatisticsGroup {
    StatisticsGroup {
        figures: figures(&found.figures),
        key: found.key,
        name: found.name,
        place: found.place,
    }
}

fn dossiers(tally: DossierTally) -> DossierTallyDto {
    DossierTallyDto {
        all: tally.all,
        begun: tally.begun,
        ended: tally.ended,
        handed_over: tally.handed_over,
    }
}

fn document(row: CountedRow) -> CountedDocument {
    let due = row.due.map(|due| due.instant().vietnam_date());
    CountedDocument {
        id: row.document.to_string(),
        here: row.here,
        direction: word(&row.direction),
        day: row.day.to_string(),
        number: row.number,
        notation: row.notation,
        kind: word(&row.kind),
        issuer: row.issuer,
        subject: row.subject,
        due: due.map(|day| day.to_string()),
    }
}
