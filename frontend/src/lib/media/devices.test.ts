import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Devices } from './devices.svelte.js';

class Track {
	enabled = true;
	readyState = 'live';
	onended: (() => void) | null = null;
	constructor(
		readonly kind: string,
		readonly id: string,
	) {}
	stop(): void {
		this.readyState = 'ended';
	}
	getSettings(): object {
		return { deviceId: this.id };
	}
}

class Stream {
	#tracks = new Set<Track>();
	addTrack(track: Track): void {
		this.#tracks.add(track);
	}
	removeTrack(track: Track): void {
		this.#tracks.delete(track);
	}
	getTracks(): Track[] {
		return [...this.#tracks];
	}
}

/** A desk with devices on it; each may be missing, taken or forbidden. */
class Desk {
	asked: string[] = [];
	broken: Record<string, string> = {};
	opened: Track[] = [];
	addEventListener = (): void => {};
	removeEventListener = (): void => {};
	enumerateDevices = async (): Promise<MediaDeviceInfo[]> => [];

	getUserMedia = async (constraints: MediaStreamConstraints = {}): Promise<MediaStream> => {
		const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
		this.asked.push(kinds.join('+'));
		for (const kind of kinds)
			if (this.broken[kind]) throw Object.assign(new Error(), { name: this.broken[kind] });
		const stream = new Stream();
		for (const kind of kinds) {
			const wish = (constraints[kind] as MediaTrackConstraints).deviceId as { exact: string } | undefined;
			const track = new Track(kind, wish?.exact ?? `${kind}-1`);
			this.opened.push(track);
			stream.addTrack(track);
		}
		return stream as unknown as MediaStream;
	};
}

vi.stubGlobal('MediaStream', Stream);

let desk: Desk;
let devices: Devices;

beforeEach(() => {
	desk = new Desk();
	devices = new Devices(desk as unknown as MediaDevices);
});

describe('opening', () => {
	test('nothing is asked before somebody wants it', () => {
		expect(desk.asked).toEqual([]);
		expect([devices.microphone, devices.camera]).toEqual([false, false]);
	});

	test('both are asked for in one question', async () => {
		await devices.open({ audio: true, video: true });

		expect(desk.asked).toEqual(['audio+video']);
		expect([devices.microphone, devices.camera]).toEqual([true, true]);
	});

	test('the camera alone does not ask for the microphone', async () => {
		await devices.switch('video', true);

		expect(desk.asked).toEqual(['video']);
		expect([devices.microphone, devices.camera]).toEqual([false, true]);
	});

	test('all tracks live in the same stream', async () => {
		await devices.switch('audio', true);
		const { stream } = devices;
		await devices.switch('video', true);

		expect(devices.stream).toBe(stream);
		expect(stream?.getTracks()).toHaveLength(2);
	});
});

describe('switching off', () => {
	test('a muted microphone sends nothing and is back without a question', async () => {
		await devices.switch('audio', true);
		await devices.switch('audio', false);
		expect(desk.opened[0]?.enabled).toBe(false);

		await devices.switch('audio', true);
		expect(desk.opened[0]?.enabled).toBe(true);
		expect(desk.asked).toEqual(['audio']);
	});

	test("the camera's light goes out", async () => {
		await devices.switch('video', true);
		await devices.switch('video', false);

		expect(desk.opened[0]?.readyState).toBe('ended');
	});

	test('stopping ends every track before it returns', async () => {
		await devices.open({ audio: true, video: true });
		devices.stop();

		expect(desk.opened.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
		expect([devices.microphone, devices.camera]).toEqual([false, false]);
	});

	test('a microphone that was only tried out is let go of at the door', async () => {
		await devices.switch('audio', true);
		await devices.switch('audio', false);
		devices.release();

		expect(desk.opened[0]?.readyState).toBe('ended');
	});
});

describe('trouble', () => {
	test.each([
		['NotAllowedError', 'denied'],
		['NotFoundError', 'absent'],
		['NotReadableError', 'busy'],
		['OddError', 'unknown'],
	])('%s means %s', async (name, cause) => {
		desk.broken = { video: name };
		await devices.switch('video', true);

		expect(devices.trouble).toEqual({ cause, microphone: false, camera: true });
		expect(devices.camera).toBe(false);
	});

	test('a missing camera does not take the microphone away', async () => {
		desk.broken = { video: 'NotFoundError' };
		await devices.open({ audio: true, video: true });

		expect(devices.microphone).toBe(true);
		expect(devices.trouble).toEqual({ cause: 'absent', microphone: false, camera: true });
	});

	test('a refusal is not asked again', async () => {
		desk.broken = { audio: 'NotAllowedError' };
		await devices.open({ audio: true, video: true });

		expect(desk.asked).toEqual(['audio+video']);
	});

	test('a page that is not served securely says so', async () => {
		const bare = new Devices(undefined);
		await bare.switch('audio', true);

		expect(bare.trouble?.cause).toBe('insecure');
	});

	test('a device that is pulled out counts as off', async () => {
		await devices.switch('video', true);
		desk.opened[0]?.onended?.();

		expect(devices.camera).toBe(false);
		expect(devices.trouble?.camera).toBe(true);
	});
});

describe('followers', () => {
	test('hear of every track, and of those that were there before', async () => {
		await devices.switch('audio', true);
		const heard: [string, boolean][] = [];
		devices.follow((kind, track) => heard.push([kind, track !== null]));
		await devices.switch('video', true);
		await devices.switch('video', false);

		expect(heard).toEqual([
			['audio', true],
			['video', true],
			['video', false],
		]);
	});

	test('another camera takes the place of the first', async () => {
		await devices.switch('video', true);
		await devices.choose('video', 'video-2');

		expect(desk.opened.map(({ id, readyState }) => [id, readyState])).toEqual([
			['video-1', 'ended'],
			['video-2', 'live'],
		]);
		expect(devices.camera).toBe(true);
	});
});
