/**
 * Single keys in the room. They go by their place on the keyboard, so that they are the
 * same keys in Hebrew and Arabic; they rest while somebody types, and can be switched off
 * (WCAG 2.2 - 2.1.4 Character Key Shortcuts).
 */
export type Shortcut = 'microphone' | 'camera' | 'hand' | 'chat' | 'layout' | 'options';

type Press = Pick<KeyboardEvent, 'code' | 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'target'>;

const BY_PLACE: Record<string, Shortcut> = {
	KeyM: 'microphone',
	KeyV: 'camera',
	KeyH: 'hand',
	KeyC: 'chat',
	KeyL: 'layout',
};
const TYPING = 'input, textarea, select, [contenteditable], [role="dialog"]';
const PRESSABLE = 'button, a, summary, [role="button"], audio, video[controls]';

export function shortcut(press: Press): Shortcut | null {
	if (press.altKey || press.ctrlKey || press.metaKey || within(press.target, TYPING)) return null;
	if (press.key === '?' || press.key === '؟') return 'options';
	return BY_PLACE[press.code] ?? null;
}

/** Space presses what has the focus; only where it presses nothing does it mean "speak". */
export function wantsToSpeak(press: Press): boolean {
	const plain = !press.altKey && !press.ctrlKey && !press.metaKey;
	return plain && press.code === 'Space' && !within(press.target, `${TYPING}, ${PRESSABLE}`);
}

function within(target: EventTarget | null, selector: string): boolean {
	return target instanceof Element && target.closest(selector) !== null;
}
