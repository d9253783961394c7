/**
 * Where the tiles of a circle stand: at equal arc length along an ellipse that fits the
 * space, one's own at the bottom. Right-to-left languages run the other way round.
 */
export interface Box {
	width: number;
	height: number;
}

export interface Place {
	/** From the middle of the box to the middle of the tile. */
	x: number;
	y: number;
	/** The side of the tile. */
	size: number;
}

export interface Layout {
	rtl: boolean;
	/** What the name beneath a tile takes. */
	label: number;
}

const STEPS = 720;
const GAP = 12;
const SMALLEST = 44;
const BOTTOM = Math.PI / 2; // screens count y downwards

/** Places for `count` seats in order, the first at the bottom and the next clockwise. */
export function places(count: number, box: Box, layout: Layout): Place[] {
	if (count === 0) return [];
	if (count === 1) return [alone(box, layout.label)];
	if (count === 2) return facing(box, layout);
	let size = largest(count, box, layout.label);
	while (size > SMALLEST && crowded(ring(count, box, layout, size), layout.label)) size -= 4;
	return ring(count, box, layout, Math.max(size, SMALLEST));
}

function alone(box: Box, label: number): Place {
	const size = Math.max(SMALLEST, Math.min(box.width, box.height - label, 420) - 2 * GAP);
	return { x: 0, y: -label / 2, size };
}

/** Two people look at each other: along the longer side of the space. */
function facing(box: Box, { rtl, label }: Layout): Place[] {
	const wide = box.width > box.height;
	const along = (wide ? box.width : box.height) / 2 - (wide ? 0 : label);
	const across = wide ? box.height - label : box.width;
	const size = Math.max(SMALLEST, Math.min(along - 2 * GAP, across - 2 * GAP, 460));
	const way = rtl ? -1 : 1;
	const away = wide ? size / 2 + GAP : (size + label) / 2 + GAP / 2;
	const ends = wide ? [-away * way, away * way] : [away, -away];
	return ends.map((at) => (wide ? { x: at, y: -label / 2, size } : { x: 0, y: at - label / 2, size }));
}

function largest(count: number, box: Box, label: number): number {
	const room = Math.min(box.width, box.height - label);
	return Math.min(340, room / (count < 5 ? 2 : 2.6));
}

function ring(count: number, box: Box, { rtl, label }: Layout, size: number): Place[] {
	const across = Math.max(0, box.width / 2 - size / 2 - GAP);
	const down = Math.max(0, (box.height - label) / 2 - size / 2 - GAP);
	const rim = outline(across, down, rtl ? -1 : 1);
	return Array.from({ length: count }, (_, index) => {
		const { x, y } = at(rim, index / count);
		return { x, y: y - label / 2, size };
	});
}

interface Rim {
	points: { x: number; y: number }[];
	lengths: number[];
}

function outline(across: number, down: number, way: 1 | -1): Rim {
	const points = Array.from({ length: STEPS + 1 }, (_, step) => {
		const angle = BOTTOM + (way * step * 2 * Math.PI) / STEPS;
		return { x: Math.cos(angle) * across, y: Math.sin(angle) * down };
	});
	const lengths = [0];
	for (const [step, point] of points.entries()) {
		const before = points[step - 1];
		if (before) lengths.push(lengths[step - 1]! + Math.hypot(point.x - before.x, point.y - before.y));
	}
	return { points, lengths };
}

function at(rim: Rim, share: number): { x: number; y: number } {
	const wanted = share * rim.lengths[STEPS]!;
	return rim.points[rim.lengths.findIndex((length) => length >= wanted)]!;
}

/** Names stand beneath the tiles and count as part of them. */
function crowded(ring: Place[], label: number): boolean {
	return ring.some((place, index) =>
		ring.slice(index + 1).some((other) => {
			const apart = { x: Math.abs(place.x - other.x), y: Math.abs(place.y - other.y) };
			return apart.x < place.size + GAP && apart.y < place.size + label + GAP;
		}),
	);
}
