"""The whole network, trained within a budget."""

from pathlib import Path
from typing import Optional

from mmengine.model import BaseModel

from mmwsml.analysis.class_frequencies import estimate
from mmwsml.engine.feature_extraction import extract_features
from mmwsml.engine.training import train
from mmwsml.inference.trained_model import load_trained_model
from mmwsml.structures.whole_file import write_whole

from .budget import choose_epochs, measure_step
from .config_text import write_config
from .fit_steps import Fit
from .fitted_folder import HEAD, NETWORK, FittedFolder
from .head_phase import MODEL, save_model, score_features
from .image_features import load_own_config
from .known_split import read_split
from .network_way import (
    CHOSEN,
    COMPLETE,
    network_way,
)
from .outcome import (
    has_scores,
    measure,
    read_scores,
    save_scores,
)
from .tell_epochs import TellEpochsHook


def make_network(fit: Fit) -> None:
    """Train the network, make its head again, score all images with it.

    Raises:
        FileExistsError: If it was trained with another budget or method.
        ValueError: If the budget is too small.
    """
    folder = fit.folder
    if fit.request.budget:
        plan_network(fit)
    if not has_scores(folder, NETWORK):
        epochs = fit.plan.get('network')['epochs']
        fit.progress.say(
            f'network: {epochs} epochs of '
            f'{fit.plan.get("network")["method"]}; {folder.log} says how far '
            'it is'
        )
        with fit.progress.quiet():
            model = _train(fit, epochs)
            scores = score_features(model, folder, features=NETWORK)
            # It knows of the head alone.
            folder.verdict.unlink(missing_ok=True)
            save_scores(folder, NETWORK, scores)
    found = measure(folder, NETWORK, 'val')
    fit.progress.say(f'network, head made again: {found} on validation')


def plan_network(fit: Fit) -> None:
    """Turn the budget into epochs, and write the config.

    Raises:
        FileExistsError: If it was planned with another budget or method.
        ValueError: If the budget is too small.
    """
    request, data = fit.request, fit.data
    known = read_split(fit.folder, 'train')
    chosen = COMPLETE if known.is_complete else CHOSEN
    method = request.method or chosen
    asked = dict(budget=request.budget, method=method)
    before = fit.plan.get('network')
    if before is not None:
        if {name: before[name] for name in asked} != asked:
            raise FileExistsError(
                f'{request.out}: its network is one of --budget '
                f'{before["budget"]:g} and --method {before["method"]}; call '
                'it so to go on, or choose another --out.'
            )
        return
    num_images = len(known.sample_ids)
    with fit.progress.quiet():
        step = measure_step(load_own_config(fit.folder.config_of(HEAD)))
    epochs = choose_epochs(request.budget, step, num_images, fit.defaults)
    way = network_way(
        method,
        epochs,
        fit.backbone,
        fit.defaults,
        num_images,
        learns=data.labels['val'] == 'complete',
        kappa=_estimate_kappa(fit.folder),
    )
    path = fit.folder.config_of(NETWORK)
    write_whole(path, write_config(data, fit.backbone, way))
    fit.plan.note(network=dict(asked, epochs=epochs, step_seconds=step))


def _estimate_kappa(folder: FittedFolder) -> Optional[float]:
    """Estimate the positives of an image where some labels are unknown.

    Where all are known, or positives alone, the method finds out itself.
    """
    known = read_split(folder, 'val')
    if known.is_complete or not (known.observed & ~known.positive).any():
        return None
    scores = read_scores(folder, HEAD, 'val')
    found, _ = estimate(known.with_scores(scores, 'val'))
    kappa = float(found.total) / len(known.sample_ids)
    observed = read_split(folder, 'train').positive.sum(1).mean()
    return round(max(kappa, observed) + 0.01, 2)  # more than is observed


def _train(fit: Fit, epochs: int) -> BaseModel:
    """Train, or go on; return the model, with its features on the disk."""
    folder = fit.folder
    config, run = folder.config_of(NETWORK), folder.run(NETWORK)
    path = run / MODEL
    if not path.is_file():
        cfg = load_own_config(config)
        cfg.work_dir = str(run)
        cfg.resume = Path(run, 'last_checkpoint').is_file()
        train(cfg, [TellEpochsHook(fit.progress, epochs)])
        last = str(run / f'epoch_{epochs + 1}.pth')
        model = load_trained_model(last, load_own_config(config), 'cpu')
        save_model(model, read_split(folder, 'train').classes, path)
    cfg = load_own_config(config)
    extract_features(cfg, str(folder.features(NETWORK)), str(path))
    return load_trained_model(str(path), load_own_config(config), 'cpu')
