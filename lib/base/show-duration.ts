/** A time in hours, minutes and seconds: `0:07`, `59:59`, `1:00:00`. */
export function showDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (number: number) => String(number % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds)}` : `${Math.floor(minutes / 60)}:${two(minutes)}:${two(seconds)}`;
}
