-- What was taken beside the saturation and the pulse, as JSON; null where nothing was, and for what came before.

alter table reading add column observations text;
