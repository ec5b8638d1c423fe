import { useTranslation } from "react-i18next";
import type { AccountDto, DocumentDetail } from "../../generated/types";
import { Empty } from "../../shared/Empty";
import { formatDateTime } from "../../shared/format";
import { SafeWord } from "../../shared/SafeWord";
import { initials } from "../frame/AccountMenu";
import { Composer } from "./Composer";
import { NoteLine } from "./NoteLine";
import css from "./Opinions.module.css";
import type { Notes } from "./useNotes";

interface OpinionsProps {
  detail: DocumentDetail;
  account: AccountDto | null;
  notes: Notes;
  writing: boolean;
  onWriting: () => void;
}

/** Opinions and directions on a document, and the field for one more. */
export function Opinions({ detail, account, notes, writing, onWriting }: OpinionsProps) {
  const { t } = useTranslation();
  const leader = account?.posts[0]?.role === "leader";
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too. */}
      <section className={css.scroll} aria-label={t("opinions.label")} tabIndex={0}>
        {notes.open > 0 && (
          <p className={css.open} data-testid="notes-open">
            {t("notes.open", { count: notes.open })}
          </p>
        )}
        {detail.opinions.length === 0 ? (
          <Empty icon="opinion" title={t("opinions.empty.title")} text={t("opinions.empty.text")} />
        ) : (
          <ol className={css.list} aria-label={t("opinions.label")}>
            {notes.entries.map(({ opinion, words }) => (
              <li
                key={opinion.id}
                className={css.opinion}
                data-testid="opinion-item"
                data-received={opinion.received_at !== null}
              >
                <span className={css.avatar} aria-hidden="true">
                  {initials(opinion.author)}
                </span>
                <div className={css.body}>
                  <p className={css.author}>
                    {opinion.author}
                    {opinion.place !== null && <span className={css.kind}>{t("notes.note")}</span>}
                    {opinion.kind === "direction" && (
                      <span className={css.kind}>{t("opinions.direction")}</span>
                    )}
                  </p>
                  <p className={css.text}>{opinion.text}</p>
                  <p className={css.when}>
                    <span>{formatDateTime(opinion.written_at)}</span>
                    <SafeWord received={opinion.received_at !== null} />
                  </p>
                  <NoteLine document={detail.row.id} entry={{ opinion, words }} notes={notes} />
                </div>
              </li>
            ))}
          </ol>
        )}
      </section>
      <Composer
        document={detail.row.id}
        mayDirect={leader && detail.direction === "incoming"}
        noting={notes.noting}
        onNoted={notes.stop}
        onWhole={notes.whole}
        writing={writing}
        onWriting={onWriting}
      />
    </>
  );
}
