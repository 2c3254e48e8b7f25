import { writeFileSync } from 'node:fs';
import { availableParallelism, totalmem, type } from 'node:os';

// What is run in part is not the whole of it: then the page stays as it is.
const isWhole = process.argv.slice(2).every((word) => word.startsWith('--config='));
const PAGE = 'docs/test-long.md';

const parts: string[] = [];
let failures = 0;

/** Prints the figures of each part as soon as it has ended, and writes them into the page at the end. */
jasmine.getEnv().addReporter({
  specDone({ fullName, status, duration, properties, failedExpectations, pendingReason }) {
    if (status === 'excluded') return;
    if (status === 'failed') failures += 1;
    const lines = [
      `## ${fullName}`,
      '',
      `- result: ${status}${pendingReason ? `, ${pendingReason}` : ''}`,
      `- took: ${shownTime(duration ?? 0)}`,
      ...Object.entries(properties ?? {}).map(([name, value]) => `- ${name}: ${shown(value)}`),
      ...failedExpectations.map(({ message }) => `- failure: ${message.replaceAll('\n', ' ')}`),
    ];
    process.stdout.write(`\n${lines.join('\n')}\n`);
    parts.push(lines.join('\n'));
  },
  jasmineDone({ totalTime, overallStatus }) {
    if (isWhole) writeFileSync(PAGE, page(overallStatus, totalTime ?? 0));
  },
});

function page(status: string, tookMs: number): string {
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ${type()}`;
  const head = [
    '# The long tests',
    '',
    'Written by `npm run test:long`, at the end of its last run. What the parts are, tells [testing](guides/testing.md).',
    '',
    `- date: ${new Date().toISOString().slice(0, 10)}`,
    `- Node.js: ${process.version}`,
    `- machine: ${machine}, ${process.arch}`,
    `- result: ${status}, ${parts.length} parts, ${failures} failed`,
    `- took: ${shownTime(tookMs)}`,
  ];
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`;
}

function shownTime(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, amount]) => `${name} ${amount}`)
    .join(', ');
}
