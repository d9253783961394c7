import { expect, test } from 'vitest';
import { PushToTalk } from './talk.js';

/** A microphone that opens when told that permission came. */
class Slow {
	microphone = false;
	allow = (): void => {};
	async switch(_: 'audio' | 'video', on: boolean): Promise<void> {
		if (on) await new Promise<void>((allowed) => (this.allow = allowed));
		this.microphone = on;
	}
}

const quiet = async (): Promise<void> => {
	for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

test('the microphone is open while the key is held', async () => {
	const slow = new Slow();
	const talk = new PushToTalk(slow);

	talk.press();
	slow.allow();
	await quiet();
	expect(slow.microphone).toBe(true);

	talk.release();
	await quiet();
	expect(slow.microphone).toBe(false);
});

test('permission that comes after the key was let go opens nothing', async () => {
	const slow = new Slow();
	const talk = new PushToTalk(slow);

	talk.press();
	talk.release();
	slow.allow();
	await quiet();

	expect(slow.microphone).toBe(false);
});

test('somebody who speaks already is not muted by the key', async () => {
	const slow = new Slow();
	slow.microphone = true;
	const talk = new PushToTalk(slow);

	talk.press();
	talk.release();
	await quiet();

	expect(slow.microphone).toBe(true);
});
