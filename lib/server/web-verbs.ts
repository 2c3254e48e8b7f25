/** First words of a web browser that was led here to say what another protocol would take for commands. */
export const webVerbs: ReadonlySet<string> = new Set('GET POST PUT HEAD DELETE OPTIONS PATCH CONNECT TRACE'.split(' '));
