"""What can go wrong in the service: each error is one line that says what happened and what to do."""

from typing import ClassVar


class ServiceError(Exception):
    """Something the case queue can't do.

    `template` is the English text with named places; `params` fill them. Both are kept so that the text can be shown
    in another language (see `service.texts.catalogue`).
    """

    template: ClassVar[str] = "the case queue failed: {detail}"

    def __init__(self, **params: object) -> None:
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(self.template.format(**self.params))


class NoSuchCase(ServiceError):
    """The case is not there."""

    template = "there is no case {case_id}"


class NoSuchEvidence(ServiceError):
    """The case has no file of this name."""

    template = "case {case_id} has no evidence file of this name"


class AlreadyDecided(ServiceError):
    """Somebody decided the case before; `who` is empty where no name was told."""

    template = "case {case_id} was decided already: it is {state} (last changed by: {who})"


class NotDecided(ServiceError):
    """There is no decision to take back."""

    template = "case {case_id} has not been decided yet, so there is nothing to take back"


class StepNotPossible(ServiceError):
    """The case's state does not allow the step."""

    template = "case {case_id} is {state} (last changed by: {who}), so this step is not possible: {step}"


class StepNotAllowed(ServiceError):
    """The step is for others to take."""

    template = "the role {role} may not take this step: {step}"


class StepIncomplete(ServiceError):
    """The step does not tell what it has to."""

    template = "the step {step} must tell its {missing}"


class CaseChanged(ServiceError):
    """Somebody was quicker, so the step was meant for a case that has changed since."""

    template = "case {case_id} was changed meanwhile: it is {state} (last changed by: {who}); look at it again"


class BadMergeTarget(ServiceError):
    """The case can't go on in the other one."""

    template = "case {case_id} can't be merged into case {target}: that is the case itself, or merged already"


class HistoryBroken(ServiceError):
    """The steps of a case do not follow from each other."""

    template = "the history of case {case_id} is broken at its step {number}"


class BadCursor(ServiceError):
    """The list can't go on there."""

    template = "the cursor is none of this list; ask for the first page again"


class TooManyCases(ServiceError):
    """A workbook would become larger than programs open."""

    template = "more than {limit} cases fit; narrow the filter, or take CSV, which has no limit"


class RequestKeyTaken(ServiceError):
    """The key was used for another request before."""

    template = "the Idempotency-Key was used for another request already; choose a new one for each request"


class NoSuchSite(ServiceError):
    """The site is not there."""

    template = "there is no site {site_id}"


class SiteIdMismatch(ServiceError):
    """The address names another site than the body."""

    template = "the id in the address must equal the site's id"


class SiteChanged(ServiceError):
    """Somebody changed the site since it was read."""

    template = "the site {site_id} was changed meanwhile; read it again"


class BadSites(ServiceError):
    """The list of sites has lines that can't be read; nothing of it was taken."""

    template = "{path} can't be used:\n{problems}"


class BadOfficeData(ServiceError):
    """A data file of the office (due times, working days, site categories) can't be used."""

    template = "{path} can't be used: {detail}"


class BadUpload(ServiceError):
    """The request is no multipart form with the parts that make a package."""

    template = "the package can't be read: {detail}"


class NotAttachable(ServiceError):
    """What somebody attaches is none of the files that are taken."""

    template = "only pictures (JPEG, PNG, WebP) and PDF can be attached to a case"


class PictureUnreadable(ServiceError):
    """A picture that somebody attaches can't be drawn."""

    template = "the picture is damaged, or has more than {most} million pixels"


class BadMapTiles(ServiceError):
    """The map's tiles can't be asked for at this address."""

    template = "{tiles} is no address of map tiles; write one such as https://host/{{z}}/{{x}}/{{y}}.png"


class BadManifest(ServiceError):
    """The manifest is not one that dustwatch writes."""

    template = "the manifest is not valid: {detail}"


class SealBroken(ServiceError):
    """The seal does not hold the manifest's SHA-256."""

    template = "the seal does not match the manifest: expected {expected}  manifest.json"


class SignatureBroken(ServiceError):
    """The signature over the manifest does not hold."""

    template = "the signature does not fit the manifest: {detail}"


class KeyMismatch(ServiceError):
    """The header names another violation than the manifest."""

    template = "the header Idempotency-Key must be present and equal the manifest's key"


class WrongFiles(ServiceError):
    """The files are not the ones that the manifest lists."""

    template = "the files are not those of the manifest: missing {missing}, not listed {extra}"


class FileAltered(ServiceError):
    """A file differs from what the manifest says about it."""

    template = "{name} is not the file that the manifest describes: {detail}"


class TooLarge(ServiceError):
    """The package, or a part of it, is larger than allowed."""

    template = "{what} is larger than {limit_bytes} bytes"


class UploadQuotaUsed(ServiceError):
    """Somebody of a site has attached as much as they may on one day."""

    template = "more than {limit_mb} MB a day can't be attached; go on tomorrow"


class KeyTaken(ServiceError):
    """The key was used for another manifest before."""

    template = "the key {key} belongs to another manifest already; a package never changes after it was made"


class FirstPackageMissing(ServiceError):
    """A later picture came before the package that it follows."""

    template = "the violation {key} that this package follows has not been handed in; send it again after that one"


class NoSuchMaintenanceCase(ServiceError):
    """The maintenance case is not there."""

    template = "there is no maintenance case {case_id}"


class MaintenanceCaseClosed(ServiceError):
    """Somebody closed the maintenance case before, or it closed on its own."""

    template = "maintenance case {case_id} is closed already"


class ObservationKeyMismatch(ServiceError):
    """The address names another observation than the report."""

    template = "the key in the address must equal the report's key"


class ObservationKeyTaken(ServiceError):
    """The key was used for another observation before."""

    template = "the key {key} belongs to another observation already; camera, kind and start never change"


class NoSuchInstrument(ServiceError):
    """No dust monitor has the number."""

    template = "there is no dust monitor {number}"


class BadTimeSpan(ServiceError):
    """The span of time has no length, or more than one request can be answered for."""

    template = "the end has to come after the beginning, by at most {days} days"


class EvidenceDamaged(ServiceError):
    """The stored evidence is not what was received."""

    template = "the stored evidence of case {case_id} is damaged: {detail}"


class NoPeopleModel(ServiceError):
    """People can't be found, so that no picture may leave."""

    template = "no copy is handed out, since the people in it can't be found and blurred: {detail}"


class StorageFull(ServiceError):
    """The disk is full."""

    template = "the disk of the case queue is full; make room and send again"


class StorageBusy(ServiceError):
    """The database is locked by somebody else for longer than the waiting time."""

    template = "the database is busy; send again in a moment"


class DatabaseUnusable(ServiceError):
    """The database can't be opened, or a newer version of the software made it."""

    template = "the database {database} can't be used: {detail}"


class EvidenceDeleted(ServiceError):
    """The evidence was kept as long as it had to be, and then deleted."""

    template = "the evidence of case {case_id} was kept for its time and then deleted; its manifest is still there"


class AlreadyHeld(ServiceError):
    """The case's evidence is under a legal hold already."""

    template = "the evidence of case {case_id} is under a legal hold already"


class NotHeld(ServiceError):
    """There is no legal hold to end."""

    template = "the evidence of case {case_id} is under no legal hold"


class BadRetention(ServiceError):
    """The retention times can't be right."""

    template = "{path} does not tell how long to keep evidence: {detail}"


class EvidenceUnusable(ServiceError):
    """The store of the evidence can't be reached, or its address can't be right."""

    template = "the evidence store {store} can't be used: {detail}"


class NoCheckpoint(ServiceError):
    """The version in production can't be trained further: its checkpoint is not there."""

    template = "no checkpoint lies beside {name} version {version}; give the one it was exported from with --from"


class NoFrozenSet(ServiceError):
    """There is nothing to hold a candidate against."""

    template = "there is no frozen test set to judge a candidate by; give one with --frozen"


class NoQueue(ServiceError):
    """There is no case queue in the folder."""

    template = "there is no case queue in {folder}; give its folder with --data"


class TrainingNotFinished(ServiceError):
    """The folder holds no finished training."""

    template = "{folder} holds no finished training; run dustwatch models train with --out {folder} to its end"


class BadCardNotes(ServiceError):
    """What is to be said on a model's card can't be read."""

    template = "{path} does not say what a card needs: {detail}"


class BadSignIn(ServiceError):
    """Name, password or code are not right; which of them is not told."""

    template = "the name, the password or the code is wrong"


class OidcUnreachable(ServiceError):
    """The identity provider does not answer, or not in time."""

    template = "the identity provider can't be reached; try again later, or sign in with your password"


class OidcRefused(ServiceError):
    """The identity provider did not tell who somebody is, or not so that it can be believed."""

    template = "the identity provider did not sign you in: {detail}"


class OidcTooLate(ServiceError):
    """The sign-in was begun in another browser, before a new start of the service, or too long ago."""

    template = "this sign-in was begun elsewhere or too long ago; begin it again"


class OidcNobody(ServiceError):
    """The identity provider knows somebody who has no account, or a locked one."""

    template = "{name} has no account here, or it is locked; ask an administrator"


class NoOidc(ServiceError):
    """The service runs without an identity provider."""

    template = "signing in through an identity provider is not set up"


class SignInLater(ServiceError):
    """There were too many wrong tries."""

    template = "too many tries; the next one is heard in {seconds} seconds"


class NotSignedIn(ServiceError):
    """Nobody is signed in, or the token is not known."""

    template = "sign in first, or send a valid token"


class NotAllowed(ServiceError):
    """Who is signed in may not do this."""

    template = "your roles or your token do not allow this"


class ForeignSite(ServiceError):
    """A machine's token is bound to other sites."""

    template = (
        "the token {token} is not for the site {site_id}: correct the site in the edge's configuration, or ask an "
        "administrator for a token of this site"
    )


class ForeignCamera(ServiceError):
    """A machine's token is bound to sites of which the camera is none, or is not known to be one."""

    template = (
        "the camera {camera_id} is not known as one of the sites that the token {token} is for: give it an id of its "
        "own, or ask an administrator for a token of all sites at which it is known"
    )


class ForeignCase(ServiceError):
    """A machine's token is bound to sites of which the case is none."""

    template = "the token {token} is not for the site of case {case_id}: ask an administrator for a token of its site"


class WholeCity(ServiceError):
    """What a machine wants to change is no single site's."""

    template = "this is the whole city's, and the token {token} is for some sites: ask an administrator for one for all"


class CrossSite(ServiceError):
    """A change came with a cookie, but not from a page of this server."""

    template = "a change has to come from a page of this server; send Origin, or use a token"


class BadLink(ServiceError):
    """The one-time link is no longer, or was never, good."""

    template = "this link was used already, is too old, or was never given out; ask for a new one"


class PasswordTooShort(ServiceError):
    """The password has too few characters."""

    template = "a password needs {least} characters and more"


class PasswordTooLong(ServiceError):
    """The password has too many characters."""

    template = "a password may have {most} characters at most"


class PasswordTooCommon(ServiceError):
    """The password is easily guessed."""

    template = "this password is easily guessed: it is common, has few different characters, or is your name"


class PasswordsDiffer(ServiceError):
    """The password was typed in twice, not the same."""

    template = "the two passwords are not the same"


class NoSuchUser(ServiceError):
    """The user is not there."""

    template = "there is no user {name}"


class UserNameTaken(ServiceError):
    """Another user has the name or the display name."""

    template = "another user has the name {name} or the display name {display_name} already"


class LastAdministrator(ServiceError):
    """Nobody would be left to administer."""

    template = "{name} is the last administrator, and has to stay one who is not locked"


class UserNameMismatch(ServiceError):
    """The address names another user than the body."""

    template = "the name in the address must equal the user's name"


class BadUser(ServiceError):
    """What is told about a user can't be right."""

    template = "the user can't be kept: {detail}"


class BadToken(ServiceError):
    """What is told about a machine's token can't be right."""

    template = "the token can't be made: {detail}"


class NoSuchToken(ServiceError):
    """The machine's token is not there."""

    template = "there is no token {name}"


class TokenNameTaken(ServiceError):
    """Another token has the name."""

    template = "another token has the name {name} already; revoke it first"


class OpenBeyondLoopback(ServiceError):
    """Without accounts, others could reach the service."""

    template = "--open has no accounts, so it listens on this machine alone; {host} is reached by others"


class UnknownCamera(ServiceError):
    """No edge has told about the camera, or sent its picture."""

    template = "nothing is known of camera {camera_id} at site {site_id}, or it has no picture yet"


class NoJpeg(ServiceError):
    """What was sent as a camera's picture is none."""

    template = "it is no JPEG that can be read, with a longest side of {most} pixels at most"


class LayoutChanged(ServiceError):
    """Somebody saved a camera's layout while another one was drawn."""

    template = "somebody saved version {version} of what is drawn for {camera_id} meanwhile; load the page again"


class BadDays(ServiceError):
    """The days make no period."""

    template = "{first} to {last} is no period: give at most {most} days, the first one first"


class LeaseSuperseded(ServiceError):
    """Another node of the cluster has taken the camera over."""

    template = "camera {camera_id} is watched by another node; what the one before found there no longer counts"


class BadPlanFigures(ServiceError):
    """A plan can't be reckoned with what was given."""

    template = "the plan can't use {what}: {detail}"


class CertificateProblem(ServiceError):
    """A certificate or its authority can't be made or used."""

    template = "certificates: {detail}"
