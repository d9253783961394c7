/** One place earlier or later; at the ends it stays. */
export function moved<T>(list: readonly T[], from: number, by: 1 | -1): T[] {
	const to = from + by;
	const one = list[from];
	if (one === undefined || to < 0 || to >= list.length) return [...list];
	return list.toSpliced(from, 1).toSpliced(to, 0, one);
}
