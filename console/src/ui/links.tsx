import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type AnchorElementProps = Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps | 'style'>;
type ButtonElementProps = Omit<ComponentPropsWithRef<'a'>, keyof ButtonProps | 'style'>;

const PlainLink = (props: AnchorProps & AnchorElementProps) => <Anchor {...props} />;

const PlainButton = (props: ButtonProps & ButtonElementProps) => <Button component="a" {...props} />;

/** A link to a page of the console: `<TextLink to="/t/$tenant/users" params={{ tenant }}>`. */
export const TextLink = createLink(PlainLink);

/** The same that looks like a button. */
export const LinkButton = createLink(PlainButton);
