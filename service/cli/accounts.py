"""`dustwatch accounts`: users and machines' tokens, by somebody who has access to the machine."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from service.accounts.accounts import Accounts
from service.accounts.audit import COMMAND_LINE, Action
from service.accounts.machine_sites import told_token
from service.accounts.principal import MachineScope
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.api.accounts import link_path
from service.api.machine_tokens import NewToken
from service.cli.options import console
from service.cli.queue_folder import open_accounts
from service.domain.lifecycle import Role
from service.errors import BadToken, BadUser
from service.first_problem import first_problem

app = typer.Typer(help="账户与令牌。Users, and tokens of machines.", no_args_is_help=True)
tokens = typer.Typer(help="边缘机等的令牌。Tokens of edges and other machines.", no_args_is_help=True)
app.add_typer(tokens, name="token")

DataOption = Annotated[Path, typer.Option(file_okay=False, help="案件队列数据目录 Data folder of the queue.")]
AddressOption = Annotated[str, typer.Option(help="页面地址 Address of the page, for the link that is printed.")]
Name = Annotated[str, typer.Argument(help="登录名 Name to sign in with.")]
Names = Annotated[list[str] | None, typer.Option(help="可重复 May be given several times.")]
DEFAULT_DATA = Path("dustwatch-data/service")
DEFAULT_ADDRESS = "http://127.0.0.1:8080"


@app.command()
def create(
    name: Name,
    role: Annotated[list[Role], typer.Option(help="角色，可重复 Role; may be given several times.")],
    display: Annotated[str, typer.Option(help="显示名 Name that the histories of cases show.")] = "",
    everywhere: Annotated[bool, typer.Option("--everywhere", help="全市 Sees all sites.")] = False,
    district: Names = None,
    street: Annotated[list[str] | None, typer.Option(help="区/街道 district/street, may be repeated.")] = None,
    site: Names = None,
    data: DataOption = DEFAULT_DATA,
    address: AddressOption = DEFAULT_ADDRESS,
) -> None:
    """新建用户，打印设置密码的一次性链接。Make a user, and print a link that sets the password once.

    不给范围的用户（管理员除外）看不到任何工地。Without a scope, who is no administrator sees nothing.

    Example: [bold]dustwatch accounts create wang --display 王工 --role inspector --district 滨江区[/bold]
    """
    values = {
        "name": name,
        "display_name": display or name,
        "roles": role,
        "scope": {"everywhere": everywhere, "districts": district or [], "streets": street or [], "sites": site or []},
    }
    try:
        plan = UserPlan.model_validate(values)
    except ValidationError as error:
        raise BadUser(detail=first_problem(error)) from error
    _user, token = open_accounts(data).make_user(plan, COMMAND_LINE)
    _print_link(address, token)


@app.command(name="list")
def list_users(data: DataOption = DEFAULT_DATA) -> None:
    """列出用户。List the users.

    Example: [bold]dustwatch accounts list[/bold]
    """
    heads = (
        "登录名 name",
        "显示名 display name",
        "角色 roles",
        "范围 scope",
        "密码 password",
        "动态码 TOTP",
        "锁定 locked",
    )
    table = Table(*heads)
    for user in open_accounts(data).users.users():
        plan = user.plan
        marks = ("✓" if mark else "" for mark in (user.has_password, user.has_totp, plan.locked))
        table.add_row(plan.name, plan.display_name, ", ".join(sorted(plan.roles)), _told(plan.reach), *marks)
    console.print(table)


@app.command()
def lock(name: Name, data: DataOption = DEFAULT_DATA) -> None:
    """锁定用户，并结束其会话。Lock a user out, at once.

    Example: [bold]dustwatch accounts lock wang[/bold]
    """
    _set_locked(open_accounts(data), name, locked=True)


@app.command()
def unlock(name: Name, data: DataOption = DEFAULT_DATA) -> None:
    """解除锁定。Let a user in again.

    Example: [bold]dustwatch accounts unlock wang[/bold]
    """
    _set_locked(open_accounts(data), name, locked=False)


@app.command()
def reset(name: Name, data: DataOption = DEFAULT_DATA, address: AddressOption = DEFAULT_ADDRESS) -> None:
    """打印重设密码的一次性链接；动态码随之关闭。Print a link that sets a new password; it turns TOTP off.

    Example: [bold]dustwatch accounts reset wang[/bold]
    """
    _print_link(address, open_accounts(data).reset(name.lower(), COMMAND_LINE))


@tokens.command(name="create")
def create_token(
    name: Annotated[str, typer.Argument(help="机器名 Name of the machine.")],
    scope: Annotated[list[MachineScope], typer.Option(help="用途，可重复 What it is for; may be repeated.")],
    site: Annotated[
        list[str] | None, typer.Option(help="仅限的工地编号，可重复 Id of a site it is good for; may be repeated.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """新建令牌，只显示一次；不给工地则全市有效。Make a token, printed once; without sites it is good for all.

    Example: [bold]dustwatch accounts token create edge-1 --scope violations:write --site binjiang-1[/bold]
    """
    try:
        wanted = NewToken.model_validate({"name": name, "scopes": scope, "sites": site or []})
    except ValidationError as error:
        raise BadToken(detail=first_problem(error)) from error
    accounts = open_accounts(data)
    told = told_token(wanted.name, wanted.scopes, wanted.sites)
    entry = accounts.entry(COMMAND_LINE, Action.TOKEN_MADE, detail=told)
    typer.echo(accounts.tokens.add(wanted.name, wanted.scopes, entry, sites=wanted.sites))


@tokens.command(name="list")
def list_tokens(data: DataOption = DEFAULT_DATA) -> None:
    """列出令牌（不含其值）。List the tokens, not what they are.

    Example: [bold]dustwatch accounts token list[/bold]
    """
    table = Table("名称 name", "用途 scopes", "工地 sites", "创建 created", "最近使用 last used")
    for each in open_accounts(data).tokens.tokens():
        used = f"{each.used_at:%Y-%m-%d %H:%M} UTC" if each.used_at else ""
        scopes, sites = ", ".join(sorted(each.scopes)), ", ".join(sorted(each.sites)) or "全部 all"
        table.add_row(each.name, scopes, sites, f"{each.created_at:%Y-%m-%d %H:%M} UTC", used)
    console.print(table)


@tokens.command()
def revoke(name: Annotated[str, typer.Argument(help="机器名 Name.")], data: DataOption = DEFAULT_DATA) -> None:
    """吊销令牌，立即生效。Make a token worthless, at once.

    Example: [bold]dustwatch accounts token revoke edge-1[/bold]
    """
    accounts = open_accounts(data)
    accounts.tokens.revoke(name, accounts.entry(COMMAND_LINE, Action.TOKEN_REVOKED, detail=name))


def _set_locked(accounts: Accounts, name: str, *, locked: bool) -> None:
    plan = accounts.users.get(name.lower()).plan
    accounts.change_user(plan.model_copy(update={"locked": locked}), COMMAND_LINE)


def _told(scope: Scope) -> str:
    if scope.everywhere:
        return "全部 everywhere"
    return ", ".join(sorted({*scope.districts, *scope.streets, *scope.sites}))


def _print_link(address: str, token: str) -> None:
    console.print("请在 24 小时内打开，仅一次有效 to be opened within 24 h, once:")
    typer.echo(f"{address.rstrip('/')}{link_path(token)}")
