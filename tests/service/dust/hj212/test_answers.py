"""Answers are written as the standard's examples are."""

from service.dust.hj212.answers import (
    ExecutionCode,
    RequestCode,
    data_answer,
    execution_result,
    notification_answer,
    request_answer,
)
from service.dust.hj212.packet import write_segment
from tests.service.dust.dust_packets import make_packet

PACKET = make_packet(request="20160801085857223", password="123456", instrument="010000A8900016F000169DC0")
HEAD = "QN=20160801085857223;ST=91;CN={};PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&{}&&"


def test_answers_are_those_of_the_standard():
    assert write_segment(data_answer(PACKET)) == HEAD.format("9014", "")
    assert write_segment(notification_answer(PACKET)) == HEAD.format("9013", "")
    assert write_segment(request_answer(PACKET, RequestCode.ACCEPTED)) == HEAD.format("9011", "QnRtn=1")
    assert write_segment(request_answer(PACKET, RequestCode.BAD_PASSWORD)) == HEAD.format("9011", "QnRtn=3")
    assert write_segment(execution_result(PACKET, ExecutionCode.DONE)) == HEAD.format("9012", "ExeRtn=1")
    assert write_segment(execution_result(PACKET, ExecutionCode.NO_DATA)) == HEAD.format("9012", "ExeRtn=100")
