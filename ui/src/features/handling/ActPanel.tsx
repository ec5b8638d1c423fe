import { useTranslation } from "react-i18next";
import type { AccountDto, DocumentDetail } from "../../generated/types";
import { IconButton } from "../../shared/IconButton";
import { Amended } from "../copies/Related";
import { ReviseForm } from "../drafts/ReviseForm";
import { FormatLine } from "../format/FormatLine";
import { IssueForm } from "../issuing/IssueForm";
import { RecallForm } from "../issuing/RecallForm";
import { PaperForm } from "../paper/PaperForm";
import { ActForm } from "./ActForm";
import css from "./ActPanel.module.css";
import { Asked } from "./Asked";
import { actDone, actMeaning, actName, actWords, type FormKind, isOnPaper } from "./acts";
import { draftKeyOf } from "./draft";
import type { Acting } from "./useHandling";

interface ActPanelProps {
  detail: DocumentDetail;
  kind: FormKind;
  acting: Acting;
  account: AccountDto | null;
}

/** Nobody answers without having read what is asked. */
const ANSWERS: readonly FormKind[] = ["answer_extension", "answer_recall"];

/** The form of an act, beside the page that it is about. */
export function ActPanel({ detail, kind, acting, account }: ActPanelProps) {
  const { t } = useTranslation();
  const document = detail.row.id;
  const main = detail.files[0];
  const head = main?.place === "here" ? main.head : undefined;
  const name = t(actName(kind, acting.handling));
  return (
    <section className={css.panel} aria-label={name} data-testid="act-panel">
      <div className={css.head}>
        <h2 className={css.title}>{name}</h2>
        <IconButton icon="close" label={t("act.close")} onClick={acting.close} />
      </div>
      <div className={css.body}>
        {ANSWERS.includes(kind) && acting.handling !== undefined && (
          <div className={css.asked}>
            <Asked handling={acting.handling} />
          </div>
        )}
        <Amended handling={acting.handling} />
        <p className={css.what}>{t(actMeaning(kind, acting.handling))}</p>
        {kind === "check_format" && head !== undefined && <FormatLine sha256={head} />}
        {kind === "revise" ? (
          <ReviseForm detail={detail} acting={acting} />
        ) : kind === "issue" ? (
          <IssueForm detail={detail} acting={acting} />
        ) : kind === "recall" ? (
          <RecallForm detail={detail} acting={acting} />
        ) : isOnPaper(kind) ? (
          <PaperForm key={`${document} ${kind}`} kind={kind} detail={detail} acting={acting} />
        ) : (
          <ActForm
            key={`${document} ${kind}`}
            kind={kind}
            draftKey={draftKeyOf(document, kind)}
            account={account}
            dueAt={detail.row.due_at}
            busy={acting.busy}
            error={acting.error}
            wordsLabel={t(actWords(kind, acting.handling))}
            submit={t(acting.busy ? "act.saving" : actDone(kind, acting.handling))}
            onSubmit={acting.submit}
            onClose={acting.close}
          />
        )}
      </div>
    </section>
  );
}
