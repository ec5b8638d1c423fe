import type { IntakePage, LetterCard, LetterDetail, StackDto } from "../generated/types";

export function sampleCard(id: string, change: Partial<LetterCard> = {}): LetterCard {
  return {
    id,
    state: "READY",
    name: `${id}.pdf`,
    pages: 1,
    cover: null,
    notation: `${id}/UBND-VX`,
    subject: "V/v rà soát hộ nghèo",
    issuer: "UBND tỉnh H99",
    urgency: "normal",
    confidence: 0.95,
    duplicate: false,
    poor: false,
    signed: false,
    code: null,
    document: null,
    number: null,
    provisional: null,
    can_undo: false,
    ...change,
  };
}

export function sampleLetter(change: Partial<LetterDetail> = {}): LetterDetail {
  return {
    card: sampleCard("1"),
    pages: [
      {
        stack: "s1",
        page: 0,
        sha256: "aa",
        turns: 0,
        width_pt: 595,
        height_pt: 842,
        blank: false,
        straight: false,
        skew: 0,
      },
    ],
    fields: {
      issuer: "UBND tỉnh H99",
      issuer_code: null,
      notation: "1/UBND-VX",
      issued_on: "2026-11-05",
      kind: "CV",
      subject: "V/v rà soát hộ nghèo",
      urgency: "normal",
      signer_position: "Chủ tịch",
      signer_name: "Nguyễn Văn A",
      due: "",
      activity: "",
    },
    readings: [],
    duplicates: [],
    warnings: [],
    department: null,
    activities: [],
    ...change,
  };
}

export function sampleStack(change: Partial<StackDto> = {}): StackDto {
  return {
    id: "s1",
    name: "quet-sang.pdf",
    origin: "DROPPED",
    added_at: Date.UTC(2026, 10, 22, 2),
    pages: 6,
    code: null,
    same_as: null,
    sha256: "bb",
    split: null,
    ...change,
  };
}

export function sampleInbox(letters: LetterCard[], change: Partial<IntakePage> = {}): IntakePage {
  const count = (state: LetterCard["state"]) =>
    letters.filter((letter) => letter.state === state).length;
  return {
    letters,
    total: letters.length,
    stacks: [],
    counts: {
      reading: count("READING"),
      ready: count("READY"),
      confirmed: count("CONFIRMED"),
      registered_today: count("REGISTERED"),
      copying: 0,
    },
    can_undo: false,
    ...change,
  };
}
