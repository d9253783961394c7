/** Why a device did not open, by the names browsers give (Media Capture and Streams - 10.2.1 getUserMedia). */
export type Cause = 'denied' | 'absent' | 'busy' | 'insecure' | 'unknown';

export interface DeviceTrouble {
	cause: Cause;
	microphone: boolean;
	camera: boolean;
}

export function causeOf(problem: unknown): Cause {
	switch (problem instanceof Error ? problem.name : '') {
		case 'NotAllowedError':
		case 'SecurityError':
			return 'denied';
		case 'NotFoundError':
		case 'OverconstrainedError':
			return 'absent';
		case 'NotReadableError':
		case 'AbortError':
			return 'busy';
		default:
			return 'unknown';
	}
}
