import { expect, test } from 'vitest';
import { apportion, picture } from './share.js';

const total = (others: number): number => others * picture(others).maxBitrate!;

test('a phone never sends more than about a megabit of picture', () => {
	for (const others of [1, 2, 3, 4, 6]) expect(total(others)).toBeLessThanOrEqual(1_000_000);
});

test('a picture only shrinks as people come, and never to nothing', () => {
	for (const others of [1, 2, 3, 4]) {
		const [now, next] = [picture(others), picture(others + 1)];
		expect(next.maxBitrate!).toBeLessThanOrEqual(now.maxBitrate!);
		expect(next.scaleResolutionDownBy!).toBeGreaterThanOrEqual(now.scaleResolutionDownBy!);
		expect(next.maxBitrate!).toBeGreaterThanOrEqual(100_000);
	}
});

test('what is not agreed upon yet is left alone', async () => {
	const sender = {
		getParameters: () => ({ encodings: [] }),
		setParameters: () => Promise.reject(new Error('too early')),
	};

	await expect(apportion(sender as unknown as RTCRtpSender, 'video', 3)).resolves.toBeUndefined();
});
