import type { CommandLine } from './command-line.ts';
import type { OptionTable } from './option-table.ts';

const general = 'General';

/** The options that every program has. */
export const generalOptions = {
  help: {
    type: 'flag',
    alias: 'h',
    commandLineOnly: true,
    group: general,
    default: false,
    help: 'Show this text and end',
  },
  version: {
    type: 'flag',
    alias: 'V',
    commandLineOnly: true,
    group: general,
    default: false,
    help: 'Show the version and end',
  },
} as const satisfies OptionTable;

/** What the general options ask for instead of all else. */
export type GeneralResult = { readonly kind: 'help'; readonly text: string } | { readonly kind: 'version' };

/**
 * What the general options ask for, if they do: it goes before everything, faults included.
 *
 * @param help the text of `--help`
 */
export function readGeneral({ given }: CommandLine, help: () => string): GeneralResult | undefined {
  const asksFor = (name: keyof typeof generalOptions) => given.get(name)?.texts.includes('true') ?? false;
  if (asksFor('help')) return { kind: 'help', text: help() };
  return asksFor('version') ? { kind: 'version' } : undefined;
}
