"""Checkpoints that are there whole or not at all."""

from collections import deque
from pathlib import Path
from typing import Any, Dict, List, Optional

from mmengine.dist import is_main_process
from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import CheckpointHook
from mmengine.runner import BaseLoop, Runner

from mmwsml.engine.newest_checkpoint import choose_checkpoint
from mmwsml.registry import HOOKS
from mmwsml.structures.whole_file import write_whole


@register_backend('whole_file')
class WholeFileBackend(LocalBackend):
    """MMEngine's local files, written whole or not at all."""

    def put(self, obj: bytes, filepath: str) -> None:
        """Write a file that takes the place of the old one at the end.

        Args:
            obj (bytes): All of it.
            filepath (str): Its folder is made.
        """
        Path(filepath).parent.mkdir(parents=True, exist_ok=True)
        write_whole(filepath, obj)


@HOOKS.register_module()
class WholeCheckpointHook(CheckpointHook):
    """MMEngine's checkpoints, which no kill and no full disk can break.

    MMEngine writes in place, also the file that ``last_checkpoint`` names,
    and removes the old file before the new one is there. Here a file takes
    the place of the old one when it is whole, and what is outdated goes last.
    A run with ``resume=True`` goes on from the newest whole checkpoint of its
    work dir; what was left out is named, with the reason. Options are those
    of :class:`mmengine.hooks.CheckpointHook`; files that lie elsewhere than
    on a disk (``s3://``) are written as MMEngine does.
    """

    def before_run(self, runner: Runner) -> None:
        """Choose the checkpoint that a run goes on from.

        Raises:
            ValueError: If there are checkpoints, but none of them is whole.
        """
        trains = isinstance(runner._train_loop, BaseLoop)
        if trains and not runner._resume:
            self._warn_of_another_run(runner)
        if trains and runner._resume and runner._load_from is None:
            folder = self.out_dir or runner.work_dir
            if self.out_dir is not None:
                folder = Path(folder, Path(runner.work_dir).name)
            runner._load_from = choose_checkpoint(
                folder, runner.work_dir, self.filename_tmpl, runner.logger
            )

    def _warn_of_another_run(self, runner: Runner) -> None:
        folder = Path(self.out_dir or runner.work_dir)
        if (folder / 'last_checkpoint').exists():
            runner.logger.warning(
                f'{folder} holds another run, and this one begins anew: it '
                'writes over its files and beside them, and tables and '
                'reports will read both. Choose another --work-dir, or go on '
                'with --resume.'
            )

    def before_train(self, runner: Runner) -> None:
        """Find the checkpoints that a resumed run has saved."""
        if self.backend_args is None and '://' not in str(
            self.out_dir or runner.work_dir
        ):
            self.backend_args: Any = dict(backend='whole_file')
        super().before_train(runner)
        # MMEngine would not save again what a resumed run validates first.
        self.last_ckpt = runner.message_hub.runtime_info.get('last_ckpt')
        self._former: Dict[str, Optional[str]] = {}
        if runner._resume and self.last_ckpt is not None:
            # A kill may have come before its name was noted.
            name = Path(self.last_ckpt).name
            self.last_ckpt = self.file_backend.join_path(self.out_dir, name)
            if self.file_backend.isfile(self.last_ckpt):
                self._note_last(runner)
        # A work dir may have been moved, or be another one now.
        for name, path in self._best().items():
            if path is not None:
                here = self.file_backend.join_path(
                    self.out_dir, Path(path).name
                )
                self._set_best(name, here)
                runner.message_hub.update_info(name, here)

    def _save_best_checkpoint(self, runner: Runner, metrics: dict) -> None:
        """Save a new best before the former one is removed."""
        if not self.save_best:
            return
        former = self._former = self._best()
        for name in former:
            self._set_best(name, None)  # or MMEngine removes it
        super()._save_best_checkpoint(runner, metrics)
        self._remove_former_best()
        for name, path in self._best().items():
            if path is None:  # it is not better
                self._set_best(name, former[name])

    def _save_checkpoint_with_step(
        self, runner: Runner, step: int, meta: dict
    ) -> None:
        """Save a checkpoint, then remove those that are too many.

        Until they are removed they stand in the checkpoint, so that a run
        that is resumed from it removes them.
        """
        # Until the former best is gone the checkpoint on the disk lacks the
        # validation: a run that is killed here validates again.
        self._remove_former_best()
        kept = self._note_step(runner, step)
        name = self.filename_tmpl.format(step)
        self.last_ckpt = self.file_backend.join_path(self.out_dir, name)
        runner.message_hub.update_info('last_ckpt', self.last_ckpt)
        runner.save_checkpoint(
            self.out_dir,
            name,
            self.file_client_args,
            save_optimizer=self.save_optimizer,
            save_param_scheduler=self.save_param_scheduler,
            meta=meta,
            by_epoch=self.by_epoch,
            backend_args=self.backend_args,
            **self.args,
        )
        self._note_last(runner)
        if self.max_keep_ckpts > 0:
            for old in kept[: -self.max_keep_ckpts]:
                name = self.filename_tmpl.format(old)
                self._remove(self.file_backend.join_path(self.out_dir, name))
            self.keep_ckpt_ids = deque(kept, self.max_keep_ckpts)
            runner.message_hub.update_info(
                'keep_ckpt_ids', list(self.keep_ckpt_ids)
            )

    def _note_last(self, runner: Runner) -> None:
        if is_main_process():
            note = Path(runner.work_dir, 'last_checkpoint')
            write_whole(note, self.last_ckpt)

    def _note_step(self, runner: Runner, step: int) -> List[int]:
        """Note a checkpoint; list all that are there now."""
        if self.max_keep_ckpts <= 0:
            return []
        kept = list(self.keep_ckpt_ids)
        if step not in kept[-1:]:
            kept.append(step)
        runner.message_hub.update_info('keep_ckpt_ids', kept)
        return kept

    def _best(self) -> Dict[str, Optional[str]]:
        """Tell where the best checkpoints are, by name in the message hub."""
        if not self.save_best:
            return {}
        if hasattr(self, 'best_ckpt_path'):
            return dict(best_ckpt=self.best_ckpt_path)
        paths = self.best_ckpt_path_dict
        return {f'best_ckpt_{key}': path for key, path in paths.items()}

    def _set_best(self, name: str, path: Optional[str]) -> None:
        if hasattr(self, 'best_ckpt_path'):
            self.best_ckpt_path = path
        else:
            self.best_ckpt_path_dict[name[len('best_ckpt_') :]] = path

    def _remove_former_best(self) -> None:
        """Remove what a better one has taken the place of."""
        for name, path in self._best().items():
            former = self._former.get(name)
            if former is not None and path not in (None, former):
                self._remove(former)
        self._former = {}

    def _remove(self, path: str) -> None:
        if is_main_process() and self.file_backend.isfile(path):
            self.file_backend.remove(path)
