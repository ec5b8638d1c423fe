import { join } from "node:path";
import type { Browser } from "@playwright/test";

/** What stands on a letter. */
export interface Letter {
  file: string;
  parent: string;
  agency: string;
  number: string;
  day: string;
  /** Named kinds; none for an official letter. */
  kind: string | null;
  subject: string;
  position: string;
  signer: string;
}

const AGENCIES = [
  ["UBND TỈNH H99", "SỞ NỘI VỤ", "SNV", "GIÁM ĐỐC", "Nguyễn Văn Bình"],
  ["UBND TỈNH H99", "SỞ TÀI CHÍNH", "STC", "GIÁM ĐỐC", "Trần Thị Hoa"],
  ["UBND TỈNH H99", "SỞ Y TẾ", "SYT", "GIÁM ĐỐC", "Lê Quang Vinh"],
  ["UBND TỈNH H99", "SỞ XÂY DỰNG", "SXD", "GIÁM ĐỐC", "Phạm Minh Đức"],
] as const;

const MATTERS = [
  [null, "rà soát biên chế năm 2026 của các xã", "CCVC"],
  ["KẾ HOẠCH", "Kiểm tra công tác văn thư, lưu trữ năm 2026", "KH"],
  [null, "tăng cường phòng, chống cháy rừng mùa khô", "VP"],
  ["THÔNG BÁO", "Lịch tiếp công dân tháng 12 năm 2026", "TB"],
  ["BÁO CÁO", "Kết quả thực hiện cải cách hành chính quý III", "BC"],
] as const;

/** Letters as agencies send them, each of another number. */
export function letters(count: number): Letter[] {
  return Array.from({ length: count }, (_, i) => {
    const [parent, agency, symbol, position, signer] = AGENCIES[i % AGENCIES.length] ?? AGENCIES[0];
    const [kind, subject, part] = MATTERS[i % MATTERS.length] ?? MATTERS[0];
    const groups = kind === null ? `${symbol}-${part}` : `${part}-${symbol}`;
    return {
      file: `quet-${String(i + 1).padStart(2, "0")}.pdf`,
      parent,
      agency,
      number: `${101 + i}/${groups}`,
      day: `${String((i % 20) + 1).padStart(2, "0")} tháng 11 năm 2026`,
      kind,
      subject,
      position,
      signer,
    };
  });
}

/** The first page by the layout of Decree 30/2020, Appendix I. */
function page(letter: Letter): string {
  const official = letter.kind === null;
  return `<html lang="vi"><style>
    @page { size: A4; margin: 20mm 15mm 20mm 30mm; }
    body { margin: 0; font: 14pt/1.3 "Liberation Serif", Tinos, serif; }
    table { width: 100%; border-collapse: collapse; text-align: center; }
    td { vertical-align: top; padding: 0; }
    .half { width: 42%; }
    p { margin: 6pt 0; text-align: justify; text-indent: 10mm; }
    .centre { text-align: center; text-indent: 0; }
  </style><body>
    <table><tr>
      <td class="half" style="font-size:13pt">${letter.parent}<br><b>${letter.agency}</b></td>
      <td><b style="font-size:13pt">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>
        <b>Độc lập - Tự do - Hạnh phúc</b></td>
    </tr><tr>
      <td class="half" style="padding-top:12pt">Số: ${letter.number}
        ${official ? `<br><span style="font-size:12pt">V/v ${letter.subject}</span>` : ""}</td>
      <td style="padding-top:12pt"><i>Bình Minh, ngày ${letter.day}</i></td>
    </tr></table>
    ${
      official
        ? '<p class="centre" style="margin-top:18pt">Kính gửi: Ủy ban nhân dân các xã, phường.</p>'
        : `<p class="centre" style="margin-top:18pt"><b>${letter.kind}</b></p>
           <p class="centre"><b>${letter.subject}</b></p>`
    }
    <p>Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh, cơ quan đề nghị các đơn vị triển khai nội dung
      nêu trên và phản ánh khó khăn, vướng mắc để được hướng dẫn giải quyết kịp thời.</p>
    <p>Trân trọng./.</p>
    <table style="margin-top:18pt"><tr>
      <td class="half" style="text-align:left;font-size:11pt">
        <b><i style="font-size:12pt">Nơi nhận:</i></b><br>- Như trên;<br>- Lưu: VT.</td>
      <td><b>${letter.position}</b><br><br><br><br><b>${letter.signer}</b></td>
    </tr></table></body></html>`;
}

/** Makes the letters as PDF with text, which needs no character recognition. */
export async function writeLetters(
  browser: Browser,
  folder: string,
  made: readonly Letter[],
): Promise<string[]> {
  const sheet = await browser.newPage();
  const paths: string[] = [];
  for (const letter of made) {
    await sheet.setContent(page(letter));
    const path = join(folder, letter.file);
    await sheet.pdf({ path, preferCSSPageSize: true });
    paths.push(path);
  }
  await sheet.close();
  return paths;
}

/** A paper with nothing on it. */
export async function writeBlank(browser: Browser, path: string): Promise<string> {
  const sheet = await browser.newPage();
  await sheet.setContent("<html><style>@page { size: A4; }</style><body></body></html>");
  await sheet.pdf({ path, preferCSSPageSize: true });
  await sheet.close();
  return path;
}
