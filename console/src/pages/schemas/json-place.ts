import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/**
 * The line of a value in a JSON text, or of the nearest that there is around it; from 1.
 *
 * @param place the keys and indexes on the way to the value
 */
export function lineOf(text: string, place: readonly string[]): number {
  const root = parseTree(text);
  const path = place.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = path.length; root !== undefined && length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return text.slice(0, node.offset).split('\n').length;
  }
  return 1;
}
