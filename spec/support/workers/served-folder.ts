/*
 * Our own server in a process of its own, so that it can be killed. Arguments: port (0 for any), folder. It writes
 * `listening PORT`, and `stored PATH` for each upload that it has answered with 226. The account is someone, a secret.
 */
import { startServer } from '../ftp-server.ts';

const [port = '0', home = ''] = process.argv.slice(2);
const started = await startServer({ home, user: 'someone', password: 'a secret' }, { port: Number(port) });
const stored = new Map<number, string>();
started.server.events.on('requestReceived', ({ session, verb, argument }) => {
  if (verb === 'STOR' || verb === 'APPE') stored.set(session.id, argument);
});
started.server.events.on('replySent', ({ session, code }) => {
  const path = stored.get(session.id);
  if (path === undefined || code < 200) return;
  stored.delete(session.id);
  if (code === 226) process.stdout.write(`stored ${path}\n`);
});
process.stdout.write(`listening ${started.port}\n`);
