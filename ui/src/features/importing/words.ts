import type vi from "../../i18n/vi.json";

type FaultCode = keyof typeof vi.import.fault;
type NoticeCode = keyof typeof vi.import.notice;

/** The core names faults by their codes; a test of the border knows that the catalogue has each. */
export const faultKey = (code: string) => `import.fault.${code as FaultCode}` as const;
export const remedyKey = (code: string) => `import.remedy.${code as FaultCode}` as const;
export const noticeKey = (code: string) => `import.notice.${code as NoticeCode}` as const;
