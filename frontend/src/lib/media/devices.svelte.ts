/**
 * One's own microphone and camera. Nothing opens before a tap, nobody else can open
 * anything, and everything stops at once when it has to.
 */
import type { Kind } from './link.js';
import { hearLevel } from './level.js';
import { causeOf, type DeviceTrouble } from './trouble.js';

type Media = Pick<
	MediaDevices,
	'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

export type Wish = Partial<Record<Kind, boolean>>;

const PICTURE: MediaTrackConstraints = {
	width: { ideal: 640 },
	height: { ideal: 360 },
	frameRate: { ideal: 24, max: 30 },
	facingMode: 'user',
};
const SOUND: MediaTrackConstraints = {
	echoCancellation: true,
	noiseSuppression: true,
	autoGainControl: true,
};
/** Devices that are missing or taken may be so one by one; a refusal was meant for both. */
const ONE_BY_ONE = new Set(['absent', 'busy']);

export class Devices {
	microphone = $state(false);
	camera = $state(false);
	/** The browser is asking the person. */
	asking = $state(false);
	trouble = $state<DeviceTrouble | null>(null);
	level = $state(0);
	present = $state.raw<MediaDeviceInfo[]>([]);
	chosen = $state<Record<Kind, string>>({ audio: '', video: '' });
	/** Grows and shrinks, but stays the same one for as long as the page lives. */
	stream = $state.raw<MediaStream | null>(null);

	#media: Media | undefined;
	#listeners = new Set<(kind: Kind, track: MediaStreamTrack | null) => void>();
	#unhear = (): void => {};

	constructor(media: Media | undefined) {
		this.#media = media;
		media?.addEventListener('devicechange', () => void this.#look());
	}

	/** Calls `listener` whenever a track is there or gone; at once with what is there now. */
	follow(listener: (kind: Kind, track: MediaStreamTrack | null) => void): () => void {
		this.#listeners.add(listener);
		for (const track of this.stream?.getTracks() ?? []) listener(track.kind as Kind, track);
		return () => void this.#listeners.delete(listener);
	}

	/** Both in one question where both are wished for: some browsers allow one stream only. */
	async open(wish: Wish): Promise<void> {
		if (this.asking) return;
		this.trouble = null;
		const missing: Wish = {
			audio: wish.audio && !this.#track('audio'),
			video: wish.video && !this.#track('video'),
		};
		if (missing.audio || missing.video) await this.#ask(missing);
		if (wish.audio) this.#unmute(true);
		if (wish.video) this.camera = this.#track('video') !== undefined;
		await this.#look();
	}

	/** Muted, the microphone stays ready; the camera's light goes out. */
	async switch(kind: Kind, on: boolean): Promise<void> {
		if (on) return this.open({ [kind]: true });
		if (kind === 'audio') this.#unmute(false);
		else this.#close('video');
	}

	async choose(kind: Kind, id: string): Promise<void> {
		this.chosen[kind] = id;
		if (!this.#track(kind)) return;
		const on = kind === 'audio' ? this.microphone : this.camera;
		this.#close(kind);
		if (on) await this.open({ [kind]: true });
	}

	/** Lets go of what was only tried out. */
	release(): void {
		if (!this.microphone) this.#close('audio');
		if (!this.camera) this.#close('video');
	}

	/** Synchronous: when it returns, nothing is being picked up any more. */
	stop(): void {
		for (const track of this.stream?.getTracks() ?? []) track.stop();
		for (const kind of ['audio', 'video'] as const) this.#close(kind);
		this.stream = null;
	}

	async #ask(wish: Wish): Promise<void> {
		this.asking = true;
		try {
			await this.#take(wish);
		} catch (problem) {
			await this.#refused(wish, problem);
		} finally {
			this.asking = false;
		}
	}

	async #refused(wish: Wish, problem: unknown): Promise<void> {
		const cause = this.#media ? causeOf(problem) : 'insecure';
		if (wish.audio && wish.video && ONE_BY_ONE.has(cause)) {
			await this.#take({ audio: true }).catch(() => this.#trouble({ audio: true }, cause));
			await this.#take({ video: true }).catch(() => this.#trouble({ video: true }, cause));
		} else this.#trouble(wish, cause);
	}

	#trouble(wish: Wish, cause: DeviceTrouble['cause']): void {
		this.trouble = {
			cause,
			microphone: Boolean(wish.audio || this.trouble?.microphone),
			camera: Boolean(wish.video || this.trouble?.camera),
		};
	}

	async #take(wish: Wish): Promise<void> {
		if (!this.#media) throw new Error('The page has no devices: it is not served securely.');
		const taken = await this.#media.getUserMedia({
			...(wish.audio && { audio: { ...SOUND, ...this.#exactly('audio') } }),
			...(wish.video && { video: { ...PICTURE, ...this.#exactly('video') } }),
		});
		this.stream ??= new MediaStream();
		for (const track of taken.getTracks()) this.#keep(track);
	}

	#exactly(kind: Kind): MediaTrackConstraints {
		const id = this.chosen[kind];
		return id ? { deviceId: { exact: id } } : {};
	}

	#keep(track: MediaStreamTrack): void {
		const kind = track.kind as Kind;
		this.stream?.addTrack(track);
		track.onended = () => this.#gone(kind); // unplugged, or permission taken back
		this.chosen[kind] ||= track.getSettings().deviceId ?? '';
		if (kind === 'audio') {
			track.enabled = false;
			this.#unhear = hearLevel(track, (level) => (this.level = level));
		}
		this.#tell(kind, track);
	}

	#gone(kind: Kind): void {
		this.#close(kind);
		this.chosen[kind] = '';
		this.#trouble({ [kind]: true }, 'absent');
	}

	#unmute(on: boolean): void {
		const track = this.#track('audio');
		if (track) track.enabled = on;
		this.microphone = on && track !== undefined;
	}

	#close(kind: Kind): void {
		const track = this.#track(kind);
		if (kind === 'audio') {
			this.#unhear();
			this.#unhear = () => {};
			this.microphone = false;
		} else this.camera = false;
		if (!track) return;
		track.onended = null;
		track.stop();
		this.stream?.removeTrack(track);
		this.#tell(kind, null);
	}

	#track(kind: Kind): MediaStreamTrack | undefined {
		return this.stream?.getTracks().find((track) => track.kind === kind);
	}

	#tell(kind: Kind, track: MediaStreamTrack | null): void {
		for (const listener of this.#listeners) listener(kind, track);
	}

	/** The browser names devices only once one of them was allowed. */
	async #look(): Promise<void> {
		const found = (await this.#media?.enumerateDevices().catch(() => [])) ?? [];
		this.present = found.filter(({ deviceId, label }) => deviceId && label);
	}
}

/** This page's devices: what was switched on before the door stays on behind it. */
export const devices = new Devices(typeof navigator === 'undefined' ? undefined : navigator.mediaDevices);
