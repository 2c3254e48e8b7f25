const GREETINGS = /Microsoft FTP Service|MadGoat|MikroTik/;

/** Does a server, by its greeting, mix up what is sent ahead of the answers to the commands before? */
export function mixesUp(greeting: string): boolean {
  return GREETINGS.test(greeting);
}
