// Nothing waits for this to pass: it only ends what hangs. Jasmine's own five seconds are over too soon where children are
// started on two busy cores.
jasmine.DEFAULT_TIMEOUT_INTERVAL = 60_000;
