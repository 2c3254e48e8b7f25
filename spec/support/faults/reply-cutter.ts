/** A reply of a server as it came, line ends and all. */
export interface WholeReply {
  readonly code: number;
  readonly text: string;
}

/** Makes whole replies of what a server sends (RFC 959 section 4.2), and keeps every byte of them. */
export class ReplyCutter {
  #rest = '';
  #open = '';

  feed(chunk: string): readonly WholeReply[] {
    const replies: WholeReply[] = [];
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#open += `${line}\n`;
      const code = this.#open.slice(0, 3);
      const isLast = line.startsWith(code) && line.charAt(3) !== '-';
      if (!isLast) continue;
      replies.push({ code: Number(code), text: this.#open });
      this.#open = '';
    }
    return replies;
  }
}
