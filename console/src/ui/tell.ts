import { notifications } from '@mantine/notifications';

const CLOSE = { 'aria-label': 'Close the message' };

/** Short messages in the corner, read out by screen readers. */
export const tell = {
  success(message: string): void {
    notifications.show({ message, color: 'teal', closeButtonProps: CLOSE });
  },
  /** Stays until it is closed. */
  failure(message: string): void {
    notifications.show({
      title: 'That did not work',
      message,
      color: 'red',
      autoClose: false,
      closeButtonProps: CLOSE,
    });
  },
};
