/* A worker that ends before it serves anything. */
process.exit(1);
